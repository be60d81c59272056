"""Putting planned rows into the database, many at a time. Each row is still blamed by itself."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalogue.exchange.columns import EntryResource
from catalogue.exchange.documents import index
from catalogue.exchange.planning import Plan, Planner
from catalogue.models import Entry
from editorial.choices import Kind, State
from editorial.models import Content, ContentSlug, Decision, Link, TaggedContent
from editorial.models.parts import LinkKind
from editorial.models.querysets import TransitionError
from editorial.slugs import candidates

SLUGS_TRIED = 12
"""Numbers tried after a title that is taken, before a piece of the uuid stands for them."""


class _BadRowsError(Exception):
    """Rows that turned out not to be publishable; their chunk is written again without them."""

    def __init__(self, reasons: dict[int, str]) -> None:
        self.reasons = reasons


class Writer:
    """Writes plans within the caller's transaction, and counts in the report."""

    def __init__(self, planner: Planner, resource: EntryResource, *, by: User | None, reason: str) -> None:
        self.planner, self.report, self.lookups = planner, planner.report, resource.lookups
        self.by, self.reason, self.now = by, reason, planner.now

    def write(self, plans: list[Plan]) -> None:
        """Write what can be written of `plans`; rows that the rules or the database refuse are reported as bad."""
        active = [plan for plan in plans if not plan.does_nothing]
        self.report.unchanged += len(plans) - len(active)
        for plan in active:  # tags outlive a refused chunk, since their keys are remembered
            for name in plan.tags or []:
                self.lookups.tag_key(name)
        self._write(active)

    def _write(self, plans: list[Plan]) -> None:
        if not plans:
            return
        try:
            with transaction.atomic():
                self._write_all(plans)
        except _BadRowsError as bad:
            for plan in plans:
                if plan.line in bad.reasons:
                    self.planner.blame(plan.line, [(self._column(plan), bad.reasons[plan.line])])
            self._write([plan for plan in plans if plan.line not in bad.reasons])
        except DatabaseError as error:
            if len(plans) == 1:
                self.planner.blame(plans[0].line, [("", _refusal(error))])
            else:
                half = len(plans) // 2
                self._write(plans[:half])
                self._write(plans[half:])
        else:
            new = sum(plan.is_new for plan in plans)
            self.report.created += new
            self.report.updated += len(plans) - new
            self.report.published += sum(plan.publish for plan in plans)

    def _write_all(self, plans: list[Plan]) -> None:
        new = [plan for plan in plans if plan.is_new]
        old = [plan for plan in plans if not plan.is_new]
        for plan in plans:  # what an attempt that was rolled back has left in memory
            plan.entry.state, plan.entry.slug = plan.state, plan.slug
        self._insert(new)
        for plan in old:
            if plan.fields:
                plan.entry.save(update_fields=[*plan.fields, "updated_at"])
        self._set_subject_areas(plans)
        self._set_tags(plans)
        self._set_source_links(plans)
        for plan in old:  # the rules shall see what stands now, not what was read before
            plan.entry._prefetched_objects_cache.clear()  # type: ignore[attr-defined]
        self._publish(plans)
        index([plan.entry.pk for plan in plans])

    def _insert(self, plans: list[Plan]) -> None:
        """Insert new entries with all their columns, published ones with their address."""
        going_public = [plan for plan in plans if plan.publish]
        slugs = free_slugs([plan.entry for plan in going_public])
        for plan, slug in zip(going_public, slugs, strict=True):
            plan.entry.state, plan.entry.slug = State.PUBLISHED, slug
            plan.entry.published_at = plan.entry.published_at or self.now
        insert_entries([plan.entry for plan in plans])

    def _set_subject_areas(self, plans: list[Plan]) -> None:
        through = Content.subject_areas.through
        touched = [plan for plan in plans if plan.subject_areas is not None]
        through.objects.filter(content__in=[p.entry.pk for p in touched if not p.is_new]).delete()
        through.objects.bulk_create(
            through(content_id=plan.entry.pk, subjectarea_id=key)
            for plan in touched
            for key in plan.subject_areas or []
        )

    def _set_tags(self, plans: list[Plan]) -> None:
        touched = [plan for plan in plans if plan.tags is not None]
        TaggedContent.objects.filter(
            content_object__in=[p.entry.pk for p in touched if not p.is_new]
        ).delete()
        TaggedContent.objects.bulk_create(
            TaggedContent(content_object_id=plan.entry.pk, tag_id=self.lookups.tag_key(name))
            for plan in touched
            for name in plan.tags or []
        )

    def _set_source_links(self, plans: list[Plan]) -> None:
        """Let source_url be the entry's first source link. An empty cell takes its source links away."""
        added = []
        for plan in plans:
            if plan.source_url is None:
                continue
            links: list[Link] = [] if plan.is_new else plan.entry.source_links  # type: ignore[attr-defined]
            if plan.source_url and links:
                links[0].url, links[0].checked_on = plan.source_url, None
                links[0].save()
            elif plan.source_url:
                title = (urlsplit(plan.source_url).hostname or plan.source_url).removeprefix("www.")[:160]
                added.append(
                    Link(content_id=plan.entry.pk, kind=LinkKind.SOURCE, title=title, url=plan.source_url)
                )
            else:
                Link.objects.filter(content=plan.entry.pk, kind=LinkKind.SOURCE).delete()
        Link.objects.bulk_create(added)

    def _publish(self, plans: list[Plan]) -> None:
        """Publish what is to be, by the entry's own rules, which also hold for what is public already."""
        bad: dict[int, str] = {}
        decisions = []
        for plan in plans:
            entry = plan.entry
            try:
                if plan.publish and not plan.is_new:
                    entry.publish(by=self.by, reason=self.reason, now=self.now)
                elif plan.publish or entry.is_public:
                    entry.ensure_publishable()
            except TransitionError as error:
                bad[plan.line] = " ".join(error.messages)
            else:
                if plan.publish and plan.is_new:
                    decisions.append(entry)
        if bad:
            raise _BadRowsError(bad)
        log_publishing(decisions, by=self.by, reason=self.reason)

    @staticmethod
    def _column(plan: Plan) -> str:
        """The column that keeps a row from being published."""
        if not plan.entry.summary.strip():
            return "summary"
        if plan.entry.kind != Kind.EXAMPLE:
            return ""
        return "subject_areas" if not plan.subject_areas else "status"


def insert_entries(entries: list[Entry]) -> None:
    """Insert entries in two statements. Django's bulk_create refuses models that extend another; triggers, checks and
    history work as ever. Sets their keys. Raises DatabaseError.
    """
    if not entries:
        return
    names = [f.attname for f in Content._meta.local_concrete_fields if not (f.primary_key or f.generated)]
    parents = Content.objects.bulk_create(
        [Content(**{name: getattr(entry, name) for name in names}) for entry in entries], batch_size=500
    )
    for entry, parent in zip(entries, parents, strict=True):
        entry.pk = entry.id = parent.pk
        entry.created_at, entry.updated_at = parent.created_at, parent.updated_at
        entry._state.adding, entry._state.db = False, parent._state.db
    own: list[Any] = [f for f in Entry._meta.local_concrete_fields if not f.generated]
    # What Model.save() itself uses for the child's table, here with many rows at once.
    Entry._base_manager._insert(entries, fields=own, using=parents[0]._state.db)  # type: ignore[attr-defined]


def free_slugs(entries: list[Entry]) -> list[str]:
    """A slug for each entry that nothing has ever had, in two queries."""
    names = [candidates(entry.title, fallback=entry.kind)[:SLUGS_TRIED] for entry in entries]
    wanted = Counter(candidate[0] for candidate in names)
    taken = _taken(list(wanted))
    contested = {slug for slug, number in wanted.items() if number > 1 or slug in taken}
    taken |= _taken([name for candidate in names if candidate[0] in contested for name in candidate[1:]])
    slugs = []
    for entry, candidate in zip(entries, names, strict=True):
        last = f"{candidate[0][:60].rstrip('-')}-{entry.uuid.hex[:8]}"
        slug = next((name for name in candidate if name not in taken), last)
        taken.add(slug)
        slugs.append(slug)
    return slugs


def _taken(slugs: list[str]) -> set[str]:
    return set(ContentSlug.objects.filter(slug__in=slugs).values_list("slug", flat=True))


def log_publishing(entries: list[Entry], *, by: User | None, reason: str) -> None:
    """Write into the log that these entries were published from draft."""
    Decision.objects.bulk_create(
        Decision(
            content_uuid=entry.uuid, title=entry.title, actor_key=by.key if by else None,
            action=State.PUBLISHED, before=State.DRAFT, reason=reason,
        )
        for entry in entries
    )  # fmt: skip


def _refusal(error: DatabaseError) -> str:
    """Why the database refused a row, as far as it can be said."""
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    for model in (Entry, Content, Link):
        for rule in model._meta.constraints:
            if rule.name == constraint and rule.violation_error_message:
                return str(rule.get_violation_error_message())
    if constraint == "slug_never_reused" or "external_id" in constraint:
        return _("En anden har samtidig lagt det samme ind. Prøv igen.")
    return _("Databasen afviste rækken (%(rule)s).") % {"rule": constraint or type(error).__name__}
