"""Filling in a form of the admin as a browser would: everything it shows is sent back, with some of it changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils.formats import localize_input


def shown(response: HttpResponse) -> dict[str, Any]:
    """What the browser would send of a change or add page: the form and the rows under it."""
    context = response.context  # type: ignore[attr-defined]
    data: dict[str, Any] = {}
    for bound in context["adminform"].form:
        _put(data, bound)
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        for bound in formset.management_form:
            _put(data, bound)
        for form in formset.forms:
            for bound in form:
                _put(data, bound)
    return data


def _put(data: dict[str, Any], bound: Any) -> None:
    value = bound.value()
    if value is None or value is False:
        return
    if value is True:
        data[bound.html_name] = "on"
    elif isinstance(value, list | tuple):
        data[bound.html_name] = [str(getattr(v, "pk", v)) for v in value]
    else:
        localized = bound.field.localize and not isinstance(value, str)
        data[bound.html_name] = (
            localize_input(value) if localized else bound.field.widget.format_value(value) or ""
        )


def save(client: Client, url: str, follow: bool = True, **changes: Any) -> HttpResponse:
    """Open a page of the admin, change some fields (None takes a field away), and save."""
    page = client.get(url)
    assert page.status_code == 200, page.status_code
    return send(client, url, shown(page), follow=follow, **changes)


def send(client: Client, url: str, data: dict[str, Any], follow: bool = True, **changes: Any) -> HttpResponse:
    """Send what a form showed, with changes."""
    data = {k: v for k, v in {**data, **changes}.items() if v is not None}
    return client.post(url, {"_save": "1", **data}, follow=follow)


def row(prefix: str, number: int = 0, *, of: int | None = None, **fields: Any) -> dict[str, Any]:
    """The fields of a new row under the form, as changes for `save`."""
    named = {f"{prefix}-{number}-{name}": value for name, value in fields.items()}
    return {f"{prefix}-TOTAL_FORMS": str(of if of is not None else number + 1), **named}


def errors(response: HttpResponse) -> str:
    """Every error on the page, as one text."""
    context = response.context  # type: ignore[attr-defined]
    found = [str(context["adminform"].form.errors)] if "adminform" in context else []
    for inline in context.get("inline_admin_formsets", []):
        found += [str(inline.formset.errors), str(inline.formset.non_form_errors())]
    return "\n".join(found)


def told(response: HttpResponse) -> str:
    """The messages of the page, as one text."""
    context = response.context  # type: ignore[attr-defined]
    return "\n".join(str(m) for m in context["messages"])
