"""Reuse and a question of the demonstration's accounts: all invented, at invented workplaces."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from catalogue.asking.actions import answer, ask
from catalogue.choices import ReuseKind, ReusePhase
from catalogue.models import Entry, Inquiry, Reuse
from catalogue.reusing.actions import tell_of_reuse
from coi.demo_roles import ROLES
from editorial.choices import Outcome
from editorial.queue import decide
from places.models import Workplace

TOLD = {
    "kind": ReuseKind.ADAPTED,
    "phase": ReusePhase.TRYING,
    "year": 2026,
    "what_changed": "Vi ringer til den pårørende, når borgeren selv har svært ved telefonen.",
    "result": "For tidligt at sige. Opkaldene tager længere tid, end vi troede.",
}


def _people() -> dict[str, User]:
    return {
        user.email.partition("@")[0]: user for user in User.objects.filter(email__endswith="@demo.example")
    }


@transaction.atomic
def load_reuse() -> None:
    """Make them once; nothing happens where they are already."""
    people = _people()
    entries = {e.external_id: e for e in Entry.objects.published().filter(is_demo=True)}
    reused, asked = entries.get("demo-ring-foer-brevet"), entries.get("demo-huskeseddel")
    place = Workplace.objects.get(slug=ROLES["medarbejder"][0])
    if reused and not Reuse.objects.filter(entry=reused, workplace=place).exists():
        tell_of_reuse(entry=reused, workplace=place, by=people["medarbejder"], data=TOLD, new=True)
    if asked and not Inquiry.objects.filter(entry=asked).exists():
        inquiry = ask(
            entry=asked,
            asker=people["borger"],
            question="Hvad gør I, når borgeren bliver ked af det midt i samtalen?",
            agrees=True,
        )
        inquiry = answer(
            inquiry=inquiry,
            by=people["vaert"],
            text="Vi holder pause. Sedlen ligger der stadig om fem minutter, og det har vi lov til at sige højt.",
            agrees=True,
            shown_as="Kontaktperson i Borgerservice (demo)",
        )
        if inquiry.item:
            decide(uuid=inquiry.item.uuid, outcome=Outcome.APPROVED, by=people["moderator"])
