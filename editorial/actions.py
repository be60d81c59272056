"""What touches many content rows at once: tags that are renamed or merged, workplaces that change.

Everything that a search document says of a row is derived, so each action ends by writing the documents anew; many of
them are left to the worker, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.staff_admin import log_action
from editorial.choices import OPEN
from editorial.memberships import close_ended
from editorial.models import Change, Content, Participation, SubjectArea, Tag, TaggedContent, TagSynonym
from editorial.models.querysets import words
from places import actions as places
from places import merging
from places.models import Workplace
from search.index import put

if TYPE_CHECKING:
    from accounts.models import User

AT_ONCE = 100
"""So many documents are written while somebody waits; more are left to the worker."""
KIND_WORKPLACE = "arbejdsplads"
BEFORE_MERGE: list[Callable[[Workplace, Workplace], None]] = []
"""What an area takes away before two workplaces become one; it adds its own in AppConfig.ready."""


class TagMergeError(ValidationError):
    """Tags can't be merged. The message is for the page."""


def reindex_content(*, ids: Iterable[int]) -> int:
    """Write the search documents of these content rows anew; more than AT_ONCE as a job. Returns how many."""
    wanted = sorted(set(ids))
    if len(wanted) > AT_ONCE:
        from editorial.tasks import reindex_later

        for start in range(0, len(wanted), 500):
            reindex_later.defer(ids=wanted[start : start + 500])
        return len(wanted)
    for content in Content.objects.filter(pk__in=wanted).order_by("pk"):
        content.reindex()
    return len(wanted)


# -- tags and subject areas ----------------------------------------------------


def tag_uses(tags: Iterable[Tag]) -> list[int]:
    """The content that has one of these tags."""
    return list(
        TaggedContent.objects.filter(tag__in=list(tags))
        .values_list("content_object_id", flat=True)
        .distinct()
    )


@transaction.atomic
def reindex_tag(*, tag: Tag) -> int:
    """Bring the search documents up to date after a tag or its synonyms have changed. Returns how many."""
    return reindex_content(ids=tag_uses([tag]))


@transaction.atomic
def reindex_subject_area(*, subject_area: SubjectArea) -> int:
    """Bring the search documents up to date after a subject area was renamed. Returns how many."""
    return reindex_content(ids=subject_area.content.values_list("pk", flat=True))


@transaction.atomic
def merge_tags(*, keep: Tag, others: Iterable[Tag], by: User | None) -> Tag:
    """Make several tags one: what has the `others` gets `keep`, and their names and synonyms become its synonyms.

    Raises TagMergeError when there is nothing to merge, also when somebody else has merged them already.
    """
    wanted = {keep.pk, *(t.pk for t in others)}
    locked = Tag.objects.select_for_update().in_bulk(sorted(wanted))
    if len(locked) < len(wanted) or len(wanted) < 2:
        raise TagMergeError(
            _("Vælg mindst to emner, der stadig findes. En anden har måske allerede lagt dem sammen.")
        )
    keep = locked.pop(keep.pk)
    gone = list(locked.values())
    affected = tag_uses([keep, *gone])
    have = TaggedContent.objects.filter(tag=keep).values("content_object_id")
    for tag in gone:
        TaggedContent.objects.filter(tag=tag, content_object_id__in=have).delete()
        TaggedContent.objects.filter(tag=tag).update(tag=keep)
    TagSynonym.objects.filter(tag__in=gone).update(tag=keep)
    names = [tag.name for tag in gone]
    Tag.objects.filter(pk__in=[t.pk for t in gone]).delete()
    for name in names:
        add_synonym(tag=keep, name=name)
    keep.synonyms.filter(name__iexact=keep.name).delete()
    _rename_in_changes({name.casefold(): keep.name for name in names})
    reindex_content(ids=affected)
    log_action(by, keep, _("Lagt sammen med"), ", ".join(names), keep.name)
    return keep


def add_synonym(*, tag: Tag, name: str) -> bool:
    """Let `name` lead to `tag`, unless it is a tag of its own or a synonym already. Returns whether it was added."""
    taken = (
        Tag.objects.filter(name__iexact=name).exists()
        or TagSynonym.objects.filter(name__iexact=name).exists()
    )
    if not taken:
        TagSynonym.objects.create(tag=tag, name=name)
    return not taken


def _rename_in_changes(names: dict[str, str]) -> None:
    """Let changes that wait speak of tags by their present names, so that approving them brings no old one back."""
    for change in Change.objects.filter(state__in=OPEN, proposed__has_key="tags").select_for_update():
        for parts in (change.proposed, change.base):
            if isinstance(parts.get("tags"), list):
                parts["tags"] = sorted({names.get(str(n).casefold(), n) for n in parts["tags"]})
        change.save(update_fields=["proposed", "base"])


# -- workplaces ------------------------------------------------------------------


def workplace_content(workplace: Workplace) -> list[int]:
    """The content that names a workplace."""
    rows = Content.objects.filter(Q(owner=workplace) | Q(participations__workplace=workplace))
    return list(rows.order_by().values_list("pk", flat=True).distinct())


def index_workplace(workplace: Workplace) -> None:
    """Write the workplace's own search document: found by every name it has or had."""
    former = [p.name for p in workplace.periods.all() if p.name != workplace.name]
    put(
        workplace_id=workplace.pk,
        kind=KIND_WORKPLACE,
        title=workplace.name,
        keywords=words([a.name for a in workplace.aliases.all()]),
        names=words([*former, workplace.parent, workplace.municipality, workplace.city]),
        slug=workplace.slug,
        owner=workplace.parent.name if workplace.parent else "",
        closed_year=workplace.closed_on.year if workplace.closed_on else None,
        sectors=[workplace.sector],
        area=workplace.municipality_id or "",
        lat=None if workplace.lat is None else float(workplace.lat),
        lng=None if workplace.lng is None else float(workplace.lng),
        visible=True,
    )


@transaction.atomic
def reindex_workplace(*, workplace: Workplace) -> int:
    """Write the documents of a workplace, of those right under it, and of the content that names it."""
    index_workplace(workplace)
    for child in workplace.children.all():
        index_workplace(child)
    return reindex_content(ids=workplace_content(workplace))


@transaction.atomic
def index_all_workplaces() -> int:
    """Write every workplace's document (after loading). Returns how many."""
    rows = Workplace.objects.select_related("parent", "municipality").prefetch_related("aliases", "periods")
    for workplace in rows:
        index_workplace(workplace)
    return len(rows)


@transaction.atomic
def merge_workplaces(*, keep: Workplace, duplicate: Workplace, by: User | None) -> Workplace:
    """places.merging.merge_workplaces, and what it means for content. Errors as there."""
    for prepare in BEFORE_MERGE:
        prepare(keep, duplicate)
    affected = {*workplace_content(keep), *workplace_content(duplicate)}
    old = duplicate.pk
    keep = merging.merge_workplaces(keep=keep, duplicate=duplicate, by=by)
    close_ended(workplace=keep, by=by)
    # An owner that also takes part would be named twice.
    Participation.objects.filter(workplace=keep, content__owner=F("workplace")).delete()
    _replace_in_changes(old, keep.pk)
    index_workplace(keep)
    reindex_content(ids=affected)
    return keep


def _replace_in_changes(old: int, new: int) -> None:
    """Let changes that wait point at the workplace that is left."""
    for change in Change.objects.filter(state__in=OPEN).select_for_update():
        touched = False
        for parts in (change.proposed, change.base):
            rows: list[dict[str, Any]] = [
                parts,
                *(r for r in parts.get("participations") or [] if isinstance(r, dict)),
            ]
            for row in rows:
                for name in ("owner_id", "workplace_id"):
                    if row.get(name) == old:
                        row[name], touched = new, True
        if touched:
            change.save(update_fields=["proposed", "base"])


@transaction.atomic
def follow_the_day() -> int:
    """places.actions.follow_the_day, and the search documents of what changed. Returns how many workplaces."""
    changed = places.follow_the_day()
    for workplace in changed:
        reindex_workplace(workplace=workplace)
    return len(changed)
