"""Joining two ideas, and parting them again. Nothing moves: see IdeaMerge. Authors are told, also without account."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from editorial.choices import State
from editorial.clock import CoiNow
from editorial.models import Content, SenderContact
from editorial.models.querysets import TransitionError
from ideastorm.choices import StormPhase
from ideastorm.models import Idea, IdeaMerge, Storm
from ideastorm.permissions import Visitor, can_merge
from notices.events import Event
from notices.sending import tell

FINISHED = gettext_lazy("Idéstormen er afsluttet, så ideerne står, som de gør.")


@transaction.atomic
def join(*, merged: Idea, survivor: Idea, reason: str, by: User) -> IdeaMerge:
    """Read `merged` under `survivor` from now on. Raises TransitionError when it can't be, and says why.

    Sent twice, the second is refused: the idea is joined already. What comes meanwhile, support or comments, stays
    where it is given and counts for the survivor.
    """
    _ask(merged, by)
    # In the order of keys, as everything that locks several.
    list(
        Content.objects.select_for_update(of=("self",)).filter(pk__in=[merged.pk, survivor.pk]).order_by("pk")
    )
    states = Idea.objects.filter(pk__in=[merged.pk, survivor.pk]).values_list("state", flat=True)
    if set(states) != {State.PUBLISHED}:
        raise TransitionError(_("Begge ideer skal være offentlige. Den ene er måske lige taget ned."))
    try:
        with transaction.atomic():
            row = IdeaMerge.objects.create(
                merged=merged, survivor=survivor, reason=reason.strip()[:300], made_by_key=by.key
            )
    except IntegrityError as error:
        raise TransitionError(_why(str(error))) from error
    _show(merged, survivor)
    _tell(merged, survivor, reason=row.reason)
    return row


@transaction.atomic
def part(*, merged: Idea, by: User) -> bool:
    """Undo it: both stand by themselves again with what was always theirs. False when it was undone already."""
    _ask(merged, by)
    row = IdeaMerge.objects.active().select_for_update(of=("self",)).filter(merged=merged).first()
    if row is None:
        return False
    try:
        with transaction.atomic():
            IdeaMerge.objects.filter(pk=row.pk, undone_at=None).update(
                undone_at=CoiNow(), undone_by_key=by.key
            )
    except IntegrityError as error:  # it was finished between our question and the row
        raise TransitionError(_why(str(error))) from error
    survivor = Idea.objects.get(pk=row.survivor_id)
    _show(merged, survivor)
    text = _(
        "»%(merged)s« og »%(survivor)s« er skilt ad igen. Hver står nu for sig selv, med sin egen støtte."
    )
    _told(merged, survivor, subject=_("To ideer er skilt ad igen"), text=text, url_of=merged)
    return True


def _ask(idea: Idea, by: User) -> None:
    storm = Storm.objects.with_phase().get(pk=idea.storm_id)
    if storm.phase == StormPhase.RESULTS:
        raise TransitionError(FINISHED)
    if not can_merge(Visitor(by), storm):
        raise TransitionError(_("Kun redaktionen kan lægge ideer sammen."))


def _why(said: str) -> str:
    told = {
        "merge_until_finished": str(FINISHED),
        "merge_once": _("Ideen er allerede lagt sammen med en anden."),
        "merge_of_two": _("Vælg to forskellige ideer."),
        "merge_within_storm": _("Vælg en idé fra den samme idéstorm."),
        "merge_one_level": _(
            "Den ene er allerede lagt sammen med en tredje. Skil dem ad først, og læg så hver idé ind under den "
            "samme."
        ),
    }
    return next((text for rule, text in told.items() if rule in said), _("Ideerne kan ikke lægges sammen."))


def _show(*ideas: Idea) -> None:
    """The search follows."""
    for idea in Idea.objects.filter(pk__in=[row.pk for row in ideas]).order_by("pk"):
        idea.reindex()


def _tell(merged: Idea, survivor: Idea, *, reason: str) -> None:
    text = _(
        "»%(merged)s« og »%(survivor)s« ligner hinanden, så redaktionen har lagt dem sammen under »%(survivor)s«. "
        "Begge tekster kan stadig læses, alle, der har skrevet, står på siden, og støtten tæller med, "
        "hver person én gang."
    )
    if reason:
        text += "\n\n" + reason.replace("%", "%%")
    _told(
        merged, survivor, subject=_("Din idé er lagt sammen med en, der ligner"), text=text, url_of=survivor
    )


def _told(merged: Idea, survivor: Idea, *, subject: str, text: str, url_of: Idea) -> None:
    """Tell the authors of both, each once: by account, or at the address that was left with the receipt."""
    said = text % {"merged": merged.title, "survivor": survivor.title}
    ideas = [merged.pk, survivor.pk]
    people: list[User | str] = list(User.objects.filter(contributions__in=ideas, is_active=True).distinct())
    contacts = SenderContact.objects.filter(receipt__content__in=ideas, receipt__content__author=None)
    people += sorted(set(contacts.values_list("email", flat=True)))
    for person in people:
        tell(to=person, event=Event.TREATMENT, subject=subject, text=said, url=url_of.get_absolute_url())
