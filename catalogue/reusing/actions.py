"""What happens to reuse: told, changed, confirmed by the origin, objected to, taken back, shown.

Each locks the entry's content row first, as the queue does, so that two at once wait for each other.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalogue.choices import ReuseKind, ReusePhase
from catalogue.models import Entry, Reuse
from catalogue.reusing.permissions import can_change, can_confirm
from editorial.choices import Outcome, QueueKind
from editorial.models import Content, Letter, QueueItem, Report
from editorial.models.querysets import TransitionError
from editorial.models.reports import ReportReason
from editorial.reporting import report_content
from editorial.submitting import enqueue, signals_of
from notices.sending import tell
from places.models import Workplace
from places.permissions import contacts_of

TEXTS = ("kind", "year", "what_changed", "result", "parent")
"""What the editors see before it is shown; how far it has come is the workplace's own word and counts at once."""
OF_ORIGIN = ("confirmed", "objection")
"""Keys of what the origin has said, among an item's signals: they are not of the text."""


class AlreadyToldError(TransitionError):
    """A colleague was first. `reuse` is what they told."""

    def __init__(self, reuse: Reuse) -> None:
        self.reuse = reuse
        super().__init__(
            _(
                "Det er allerede fortalt, at %(workplace)s genbruger det. Det, du skrev, er ikke gemt endnu. "
                "Send igen, hvis det skal stå i stedet."
            ),
            params={"workplace": reuse.workplace.name},
        )


def proposal(data: dict[str, Any]) -> dict[str, Any]:
    """What was written, as it is kept until the editors have read it."""
    parent: Reuse | None = data.get("parent")
    return {name: data.get(name) for name in TEXTS if name != "parent"} | {
        "parent": str(parent.uuid) if parent else None
    }


def is_waiting(reuse: Reuse) -> bool:
    """Whether the editors have something of it to read."""
    return reuse.item is not None and reuse.item.is_waiting


@transaction.atomic
def tell_of_reuse(*, entry: Entry, workplace: Workplace, by: User, data: dict[str, Any], new: bool) -> Reuse:
    """Tell that a workplace reuses an entry, or change what it has told; there is one row for the two.

    A new one waits for the editors, and the origin is told at once. Of one that is shown, the phase changes at once and
    the rest waits. Raises AlreadyToldError when the teller thought it was `new` and it is not, and TransitionError when
    the entry can't be read any more or is the workplace's own.
    """
    locked = _lock(entry)
    if not locked.is_public:
        raise TransitionError(_("Siden kan ikke læses mere, så der er ikke noget at genbruge."))
    if locked.owner_id == workplace.pk:
        raise TransitionError(_("Det er jeres eget, så I kan ikke genbruge det. Ret siden i stedet."))
    reuse = _row(entry, workplace)
    if reuse is None:
        reuse = Reuse(entry=entry, workplace=workplace, visible=False, told_by=by)
        _write(reuse, data)
        reuse.phase, reuse.phase_since = data["phase"], timezone.localdate()
        _send(reuse, by)
        try:
            with transaction.atomic():
                reuse.save()
        except IntegrityError as error:  # the editors wrote it in admin at the same moment
            raise AlreadyToldError(reuse) from error
        _tell_origin(reuse)
        return reuse
    if new or not can_change(by, reuse):
        raise AlreadyToldError(reuse)
    if data["phase"] != reuse.phase:
        reuse.phase, reuse.phase_since = data["phase"], timezone.localdate()
    void = False
    if not reuse.visible:
        void = _rewrite(reuse, data)
        reuse.proposed = {}
        _send(reuse, by)
    elif proposal(data) != proposal(_shown(reuse)):
        reuse.proposed = proposal(data)
        _send(reuse, by)
    elif reuse.proposed:  # changed back to what is shown: there is nothing left to read
        reuse.proposed = {}
        _close(reuse)
    reuse.save()
    entry.reindex()
    if void:
        _tell_origin(reuse, again=True)
    return reuse


def _lock(entry: Entry) -> Content:
    return Content.objects.select_for_update(of=("self",)).get(pk=entry.pk)


def _row(entry: Entry, workplace: Workplace) -> Reuse | None:
    return (
        Reuse.objects.select_for_update(of=("self",))
        .select_related("workplace", "item", "parent")
        .filter(entry=entry, workplace=workplace)
        .first()
    )


def _waiting(reuse: Reuse) -> QuerySet[QueueItem]:
    """Its item while it waits."""
    return QueueItem.objects.filter(pk=reuse.item_id or 0, decided_at__isnull=True)


def _shown(reuse: Reuse) -> dict[str, Any]:
    return {name: getattr(reuse, name) for name in TEXTS}


def _write(reuse: Reuse, data: dict[str, Any]) -> None:
    for name in TEXTS:
        setattr(reuse, name, data.get(name))


def _rewrite(reuse: Reuse, data: dict[str, Any]) -> bool:
    """Write it. What the origin confirmed was something else, if the texts change; True when that is so."""
    before = proposal(_shown(reuse))
    _write(reuse, data)
    if reuse.confirmed_on is None or proposal(_shown(reuse)) == before:
        return False
    reuse.confirmed_on = None
    return True


def _send(reuse: Reuse, by: User) -> None:
    """Put it into the queue, or say there that what waits has been changed: by whom, and what to look at now.

    Only colleagues get here (`can_change`), so the one who wrote last is who the editors answer.
    """
    text = "\n".join([reuse.what_changed, reuse.result, *map(str, reuse.proposed.values())])
    item = _waiting(reuse).select_for_update(of=("self",)).first()
    if item is not None:
        kept = [s for s in item.signals if s.get("key") in OF_ORIGIN]
        if reuse.confirmed_on is None or reuse.proposed:  # what it confirmed is not what waits
            kept = [s for s in kept if s.get("key") != "confirmed"]
        item.signals = [*kept, *signals_of(text=text, title=item.title)]
        item.sender, item.version = by, item.version + 1
        item.save(update_fields=["signals", "sender", "version"])
        reuse.item = item
        return
    reuse.item = enqueue(
        kind=QueueKind.REUSE,
        title=_("%(workplace)s genbruger »%(title)s«")
        % {"workplace": reuse.workplace.name, "title": reuse.entry.title},
        sender=by,
        content=Content.objects.get(pk=reuse.entry_id),
        workplace=reuse.workplace,
        text=text,
    )


def _close(reuse: Reuse) -> None:
    """What nobody needs to read any more leaves the queue."""
    _waiting(reuse).update(
        decided_at=Now(),
        outcome=Outcome.WITHDRAWN,
        claimed_by=None,
        claimed_at=None,
        version=F("version") + 1,
    )


def _tell_origin(reuse: Reuse, *, again: bool = False) -> None:
    """Those who speak for the origin, else its mailbox, learn of it at once; `again`: what they confirmed is void."""
    owner = reuse.entry.owner
    if owner is None:
        return
    names = {"who": reuse.workplace.name, "title": reuse.entry.title}
    subject = _("%(who)s genbruger »%(title)s«") % names
    told = _("%(who)s fortæller, at de har brugt »%(title)s« hos sig selv: %(how)s, %(phase)s.") % {
        **names, "how": str(ReuseKind(reuse.kind).label).lower(), "phase": str(ReusePhase(reuse.phase).label).lower(),
    }  # fmt: skip
    if again:
        told = (
            _("%(who)s har ændret det, de fortæller om »%(title)s«. Jeres bekræftelse gælder ikke mere.")
            % names
        )
    if reuse.what_changed:
        told += "\n\n" + _("Det ændrede de: %s") % reuse.what_changed
    contacts = list(contacts_of(owner))
    for person in contacts:
        wish = _("Passer det ikke, så skriv det til redaktionen.")
        if can_confirm(person, reuse):
            wish = _("Kan I kende det, så bekræft det. Passer det ikke, så skriv det til redaktionen.")
        tell(
            to=person,
            event="genbrug",
            subject=subject,
            text=f"{told}\n\n{wish}",
            url=reverse("catalogue:reuse_origin", args=[reuse.uuid]),
        )
    if not contacts and owner.mailbox:
        tell(
            to=owner.mailbox,
            event="genbrug",
            subject=subject,
            text=told
            + "\n\n"
            + (
                _("En kontaktperson hos jer kan bekræfte det på portalen. I har ingen endnu.")
                if again
                else _(
                    "Redaktionen læser det, før det bliver vist. En kontaktperson hos jer kan bekræfte det på "
                    "portalen. I har ingen endnu."
                )
            ),
            url=reuse.entry.get_absolute_url(),
        )


@transaction.atomic
def confirm_reuse(*, reuse: Reuse, by: User) -> bool:
    """The origin confirms it; both sides see it. False when it was confirmed already.

    What a workplace has proposed instead of what is shown is not confirmed with it. Raises TransitionError for those
    who would confirm their own.
    """
    _lock(reuse.entry)
    if not can_confirm(by, reuse):
        raise TransitionError(_("Det skal en anden hos jer bekræfte, for det er dit eget."))
    if not Reuse.objects.filter(pk=reuse.pk, confirmed_on__isnull=True).update(
        confirmed_on=timezone.localdate()
    ):
        return False
    if not Reuse.objects.values_list("proposed", flat=True).get(pk=reuse.pk):
        _signal(reuse, "confirmed", _("De, der begyndte, har bekræftet det"), severe=False)
    if reuse.told_by and reuse.told_by_id != by.pk:
        owner = reuse.entry.owner
        tell(
            to=reuse.told_by,
            event="genbrug",
            subject=_("%(who)s bekræfter jeres genbrug")
            % {"who": owner.name if owner else _("Arbejdspladsen")},
            text=_("De har læst, at %(workplace)s genbruger »%(title)s«, og kan bekræfte det.")
            % {"workplace": reuse.workplace.name, "title": reuse.entry.title},
            url=reuse.entry.get_absolute_url(),
        )
    return True


@transaction.atomic
def object_to_reuse(*, reuse: Reuse, by: User, note: str) -> None:
    """The origin says that it is not so. The editors read it with what waits, else as a matter of its own."""
    _lock(reuse.entry)
    item = _waiting(reuse).first()
    if item is not None:
        label = _("Fra dem, der begyndte:")
        Letter.objects.create(item=item, from_editors=False, author=by, text=f"{label} {note.strip()}"[:4000])
        _signal(reuse, "objection", _("De, der begyndte, siger, at det ikke passer"), severe=True)
        return
    text = _("Om genbrug hos %(workplace)s: %(note)s") % {
        "workplace": reuse.workplace.name,
        "note": note.strip(),
    }
    report = Report(reason=ReportReason.OTHER, text=text[:2000])
    report_content(report=report, content=Content.objects.get(pk=reuse.entry_id), by=by)


def _signal(reuse: Reuse, key: str, label: str, *, severe: bool) -> None:
    """Let the editors see it at the item, if it still waits."""
    item = _waiting(reuse).select_for_update(of=("self",)).first()
    if item is not None:
        signal = {"key": key, "label": str(label), "detail": "", "severe": severe}
        item.signals = [signal, *(s for s in item.signals if s.get("key") != key)]
        item.version += 1
        item.save(update_fields=["signals", "version"])


@transaction.atomic
def take_back_reuse(*, reuse: Reuse) -> None:
    """The workplace does not want it shown any more. Doing it twice is the same as once."""
    _lock(reuse.entry)
    Reuse.objects.filter(pk=reuse.pk).update(visible=False, proposed={})
    _close(reuse)
    reuse.entry.reindex()


@transaction.atomic
def show_reuse(*, reuse: Reuse) -> None:
    """Show it as it was told last; it counts as spread once it is in use. Called by the queue."""
    _lock(reuse.entry)
    reuse = Reuse.objects.select_for_update(of=("self",)).select_related("entry").get(pk=reuse.pk)
    void = False
    if reuse.proposed:
        data = dict(reuse.proposed)
        if uuid := data.pop("parent", None):
            found = (
                Reuse.objects.visible().filter(uuid=uuid, entry=reuse.entry_id).exclude(pk=reuse.pk).first()
            )
            data["parent"] = found if found and not builds_on(found, reuse) else None
        void = _rewrite(reuse, data)
    reuse.visible, reuse.proposed = True, {}
    reuse.save()
    reuse.entry.reindex()
    if void:
        _tell_origin(reuse, again=True)


def drop_between(keep: Workplace, duplicate: Workplace) -> None:
    """Before two workplaces become one: what one reused of the other's is the joint workplace's own, so it goes."""
    both = [keep.pk, duplicate.pk]
    for reuse in Reuse.objects.filter(entry__owner__in=both, workplace__in=both):
        _close(reuse)
        reuse.delete()


def builds_on(above: Reuse | None, reuse: Reuse) -> bool:
    """Whether `above` is, or builds on, `reuse`: then `reuse` can't build on it."""
    steps = 0
    while above is not None and steps < 50:
        if above.pk == reuse.pk:
            return True
        above, steps = above.parent, steps + 1
    return False
