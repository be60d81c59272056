"""Three storms of the demonstration, all invented: one that is open, one that comes, one that is over (see
demo_finished_storm). Their dates follow the day on which they are made."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from coi.demo_finished_storm import CLOSED, FINISHED, OPENED, fill
from coi.demo_roles import ROLES
from editorial.choices import Kind
from editorial.models import Content
from editorial.models.subjects import resolve_tags
from ideastorm.choices import ShownAs
from ideastorm.models import Criterion, Idea, Storm
from places.models import Workplace

CRITERIA = (("Gør en forskel for mange", 3), ("Kan lade sig gøre", 2), ("Er nyt", 1))
OPEN: dict[str, Any] = {
    "title": "Breve, man forstår",
    "question": "Hvilket brev fra det offentlige skal skrives om først?",
    "summary": "Peg på brevet, og skriv, hvad du selv ville have haft brug for at vide. Du kan være borger, ansat eller begge dele.",  # noqa: E501
    "background": "Vi vil skrive ti breve om sammen med dem, der får dem. Henvisninger til loven skal blive stående.",
}
COMING: dict[str, Any] = {
    "title": "Færre møder",
    "question": "Hvilket møde kan I undvære, og hvad gør I i stedet?",
    "summary": "For ansatte i det offentlige: Fortæl om et møde, der kan blive kortere eller sjældnere.",
}
IDEAS = (
    ("Brevet om ændret boligstøtte", "Det begynder med tre paragraffer. Jeg skulle bare vide, hvor meget jeg får, og fra hvornår.\n\nSkriv det nye **beløb øverst**, så datoen, så grunden.", "økonomi"),  # noqa: E501
    ("Indkaldelsen til forundersøgelse", "Skriv øverst, om jeg må køre hjem selv. Alle ringer og spørger om det.", "sundhed"),  # noqa: E501
    ("Partshøringen i en byggesag", "Naboerne tror, de skal svare. Giv dem ét felt, der siger: Du behøver ikke gøre noget.", "byggeri"),  # noqa: E501
    ("Årsopgørelsen til nye unge", "En side mere, der forklarer fradraget med et eksempel fra et fritidsjob.", "økonomi"),  # noqa: E501
    ("Rykkeren, der lyder som en dom", "Sæt et telefonnummer og et navn på. Så ringer folk, før det bliver dyrt.", "økonomi"),  # noqa: E501
    ("Svar på ansøgning om hjælpemidler", "Fortæl, hvor længe jeg kommer til at vente. Også hvis det er længe.", "sundhed"),  # noqa: E501
    ("Brevet om skolestart", "Skriv det på ét ark med en tegning af vejen til skolen.", "skole"),
    ("Kvitteringen, ingen forstår", "Sig, hvornår der sker noget næste gang, og hvem jeg kan spørge.", "byggeri"),
    ("Flytning til plejehjem", "Ét brev til den, der flytter, og ét til familien.", "sundhed"),
    ("Indkaldelse til samtale på jobcentret", "Skriv, hvad samtalen handler om, og hvad jeg skal have med.", "økonomi"),
    ("Brevet om ny affaldssortering", "Vis billeder af, hvad der skal hvorhen. Teksten kan stå bagpå.", "byggeri"),
    ("Afslag på byggetilladelse", "Begynd med, hvad jeg kan gøre nu. Begrundelsen kan komme bagefter.", "byggeri"),
)  # fmt: skip


def _people() -> dict[str, User]:
    rows = User.objects.filter(email__endswith="@demo.example")
    return {user.email.partition("@")[0]: user for user in rows}


def _storm(number: int, fields: dict[str, Any], *, opens: int, days: int, access: str) -> Storm:
    """Open `days` days from `opens` days from today, at midnight."""
    first = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(opens)
    people = _people()
    closes = first + dt.timedelta(days)
    storm = Storm.objects.create(
        kind=Kind.STORM, external_id=f"demo-idestorm-{number}", is_demo=True, access=access, **fields,
        owner=Workplace.objects.filter(slug="fjordby-kommune").first() or Workplace.objects.first(),
        answerer=people["leder"], deputy=people["moderator"], opens_at=first, closes_at=closes,
        support_until=closes + dt.timedelta(7), promised_on=(closes + dt.timedelta(49)).date(),
    )  # fmt: skip
    for n, (title, weight) in enumerate(CRITERIA):
        Criterion.objects.create(storm=storm, title=title, weight=weight, position=n)
    return storm


@transaction.atomic
def load_storms() -> None:
    """Make them once; nothing happens where they are already."""
    _load_finished()
    if Content.objects.filter(external_id="demo-idestorm-1").exists():
        return
    now = timezone.now()
    storm = _storm(1, OPEN, opens=-41, days=49, access="alle")
    storm.tags.set(resolve_tags(names=sorted({tag for _title, _text, tag in IDEAS})))
    for n, (title, text, tag) in enumerate(IDEAS):
        # While the storm is being set up, its clock does not hold them back.
        idea = Idea.objects.create(
            kind=Kind.IDEA, storm=storm, external_id=f"demo-ide-{n + 1}", is_demo=True, title=title, text=text,
            summary=text.split("\n")[0], shown_as=ShownAs.PRIVATE,
        )  # fmt: skip
        idea.tags.set(resolve_tags(names=[tag]))
        idea.publish(by=None, reason="Demonstration", now=now - dt.timedelta(days=40 - 3 * n))
    storm.publish(by=None, reason="Demonstration", now=now - dt.timedelta(days=45))
    for idea in storm.ideas.all():
        idea.reindex()  # found from now on
    _storm(2, COMING, opens=12, days=21, access="ansatte").publish(by=None, reason="Demonstration")


def _load_finished() -> None:
    """The one that is over."""
    if Content.objects.filter(external_id="demo-idestorm-3").exists():
        return
    by_slug = {place.slug: place for place in Workplace.objects.filter(is_demo=True)}
    places = {name: by_slug[slug] for name, (slug, _role) in ROLES.items() if slug in by_slug}
    storm = _storm(3, FINISHED, opens=-OPENED, days=OPENED - CLOSED, access="alle")
    fill(storm, people=_people(), places=places)
