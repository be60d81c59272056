"""Workplaces that somebody proposes or corrects: what waits in the queue, and what showing it does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.actions import reindex_workplace
from editorial.choices import QueueKind
from editorial.confirming.actions import count_correction
from editorial.models import Letter, QueueItem
from editorial.models.querysets import TransitionError
from editorial.slugs import candidates
from editorial.submitting import enqueue
from mapping.adding.forms import FACTS, plain
from places.models import Workplace, WorkplacePeriod, WorkplaceSlug
from search import query

ALIKE = 5
ONE_AT_A_TIME = 742004
"""The advisory lock under which a new workplace is looked for and put on the map."""


@transaction.atomic
def propose_workplace(*, facts: dict[str, Any], message: str, by: User) -> QueueItem:
    """Let a new workplace wait for the editors."""
    item = enqueue(
        kind=QueueKind.WORKPLACE, title=facts["name"], sender=by, text=" ".join(map(str, facts.values())),
        snapshot={"after": facts},
    )  # fmt: skip
    return _with_message(item, message, by)


@transaction.atomic
def propose_correction(
    *, workplace: Workplace, before: dict[str, Any], facts: dict[str, Any], message: str, by: User
) -> QueueItem:
    """Let a correction of a workplace wait. Raises TransitionError when nothing differs and nothing is written."""
    changed = {name: value for name, value in facts.items() if value != before.get(name)}
    if not changed and not message.strip():
        raise TransitionError(_("Du har ikke rettet noget endnu."))
    item = enqueue(
        kind=QueueKind.WORKPLACE, title=workplace.name, sender=by, workplace=workplace,
        text=" ".join(map(str, changed.values())),
        snapshot={"before": {name: before.get(name, "") for name in changed}, "after": changed},
    )  # fmt: skip
    return _with_message(item, message, by)


def _with_message(item: QueueItem, message: str, by: User) -> QueueItem:
    if message.strip():
        Letter.objects.create(item=item, from_editors=False, author=by, text=message.strip())
    return item


def alike(name: str, *, municipality: str = "", limit: int = ALIKE) -> list[Workplace]:
    """Workplaces whose name, former name or alias looks like `name`; those of the municipality first. One query."""
    words = [w for w in query.clean(name).split() if len(w) >= 4][:4]
    if not words:
        return []
    wanted = Q()
    for word in words:
        wanted |= (
            Q(name__icontains=word) | Q(aliases__name__icontains=word) | Q(periods__name__icontains=word)
        )
    rows = list(Workplace.objects.with_place().filter(wanted).distinct()[:200])

    def score(workplace: Workplace) -> tuple[int, int, str]:
        shared = sum(word.casefold() in workplace.name.casefold() for word in words)
        return (-shared, workplace.municipality_id != municipality, workplace.name)

    return sorted(rows, key=score)[:limit]


@transaction.atomic
def show(item: QueueItem) -> Workplace:
    """Put the proposed workplace on the map, or correct it. Raises TransitionError when that can't be done any more.

    New ones come one at a time, so that equal ones shown at once are not two. No unique index says so: two places of a
    municipality may bear one name, and the editors, who can tell, add the second in admin.
    """
    facts = dict(item.snapshot["after"])
    if item.workplace_id:
        workplace = Workplace.objects.select_for_update().get(pk=item.workplace_id)
        _refuse_what_moved(workplace, item.snapshot.get("before", {}))
    else:
        workplace = _begin(facts)
    for name in FACTS:
        if name not in facts:
            continue
        value = facts[name]
        if name == "municipality":
            workplace.municipality_id = value or None
        elif name in ("lat", "lng"):
            setattr(workplace, name, Decimal(value) if value else None)
        else:
            setattr(workplace, name, value)
    try:
        workplace.full_clean(exclude=["parent"])
    except ValidationError as error:
        raise TransitionError(error.messages) from error
    is_new = workplace.pk is None
    try:
        with transaction.atomic():
            workplace.save()
    except IntegrityError as error:  # the editors gave its address to another in admin at the same moment
        raise TransitionError(_("Nogen har lige rettet arbejdspladserne. Prøv igen.")) from error
    if is_new:
        WorkplacePeriod.objects.create(workplace=workplace, name=workplace.name, sector=workplace.sector)
        QueueItem.objects.filter(pk=item.pk).update(workplace=workplace)
        item.workplace = workplace
    elif item.snapshot["after"]:
        count_correction(workplace=workplace, by=item.sender, sent_at=item.submitted_at)
    reindex_workplace(workplace=workplace)
    return workplace


def _begin(facts: dict[str, Any]) -> Workplace:
    """The new workplace, with a free address; nobody else begins one until the transaction ends."""
    name = " ".join(str(facts["name"]).split())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    if Workplace.objects.filter(name__iexact=name, municipality_id=facts["municipality"]).exists():
        raise TransitionError(
            _("Der er allerede en arbejdsplads med det navn i kommunen. Afvis forslaget, og henvis til den.")
        )
    return Workplace(name=name, sector=facts["sector"], slug=_free_slug(name))


def _refuse_what_moved(workplace: Workplace, before: dict[str, Any]) -> None:
    """Raise TransitionError when what the correction builds on is not what stands there now."""
    moved = [name for name, value in before.items() if plain(getattr(workplace, name)) != value]
    if moved:
        raise TransitionError(
            _(
                "Oplysningerne er rettet, siden forslaget blev sendt. Ret arbejdspladsen i administrationen, og afvis "
                "forslaget."
            )
        )


def _free_slug(name: str) -> str:
    names = candidates(name, fallback="arbejdsplads")
    taken = set(WorkplaceSlug.objects.filter(slug__in=names).values_list("slug", flat=True))
    return next(n for n in names if n not in taken)
