"""Writing search documents. Owners of searchable rows call `put`; search itself knows no content."""

from typing import Any

from search.models import Document


def put(*, content_id: int | None = None, workplace_id: int | None = None, **fields: Any) -> None:
    """Write or replace the document of one row.

    Give exactly one id, and as `fields` what search.models.Document holds: kind, title, summary, keywords, names,
    body, sectors, subject_areas, tags, values, innovation_types, status, area, years, reuse_count, published_at,
    visible. A field that is left out is emptied, so that a value taken away cannot be found any more.
    """
    if (content_id is None) == (workplace_id is None):
        raise ValueError("A search document belongs to one row: give content_id or workplace_id.")
    key = {"content_id": content_id} if content_id is not None else {"workplace_id": workplace_id}
    empty = {
        field.name: field.get_default()
        for field in Document._meta.concrete_fields
        if not (field.primary_key or field.generated or field.is_relation)
    }
    Document.objects.update_or_create(**key, defaults={**empty, **clean(fields)})


def clean(fields: dict[str, Any]) -> dict[str, Any]:
    """`fields` without NUL characters, which PostgreSQL's text cannot hold."""
    return {k: v.replace("\x00", "") if isinstance(v, str) else v for k, v in fields.items()}
