"""Contributions of the demonstration's accounts, all invented: Min side and the queue have something to show."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import User
from catalogue.models import Entry
from editorial.choices import Kind, Outcome, Phase
from editorial.models import Change, Content, Report, SubjectArea
from editorial.models.reports import ReportReason
from editorial.queue import decide
from editorial.reporting import report_content
from editorial.submitting import submit_change, submit_content

DRAFT = {
    "title": "Ny på jobbet i tre huse",
    "summary": "Nye kolleger prøver tre afdelinger i deres første uge.",
    "problem": "Nye medarbejdere kendte kun deres egen afdeling og vidste ikke, hvem de kunne spørge.",
    "subject_areas": ["ledelse-hr"],
}
RETURNED = {
    "title": "Faste hold i hjemmeplejen",
    "summary": "Borgerne møder de samme få ansigter, fordi holdene selv deler dagen mellem sig.",
    "problem": "Nogle borgere mødte over tyve forskellige medarbejdere på en måned.",
    "solution": "Hvert hold har sine egne borgere og lægger selv planen hver morgen.",
    "effect": "Fraværet faldt, og borgerne siger, at de er mindre urolige.",
    "subject_areas": ["aeldre"],
}
WAITING = {
    "title": "Aftenvagter, der selv lægger planen",
    "summary": "Aftenvagterne fordeler vagterne mellem sig en måned frem.",
    "problem": "Vagtplanen blev lavet om så tit, at ingen stolede på den.",
    "solution": "Holdet lægger planen sammen en gang om måneden. Lederen siger kun nej, hvis der mangler folk.",
    "subject_areas": ["aeldre", "ledelse-hr"],
}


def _make(number: int, author: User, fields: dict[str, Any]) -> Entry:
    areas = fields.pop("subject_areas")
    entry = Entry.objects.create(
        kind=Kind.EXAMPLE, status=Phase.OPERATION, external_id=f"demo-bidrag-{number}", author=author, is_demo=True,
        sectors=["kommune"], **fields,
    )  # fmt: skip
    entry.subject_areas.set(SubjectArea.objects.filter(slug__in=areas))
    return entry


@transaction.atomic
def load_contributions() -> None:
    """Make them once; nothing happens where they are already."""
    if Content.objects.filter(external_id="demo-bidrag-1").exists():
        return
    people = {
        user.email.partition("@")[0]: user for user in User.objects.filter(email__endswith="@demo.example")
    }
    employee, other, moderator = people["medarbejder"], people["anden"], people["moderator"]
    _make(1, employee, dict(DRAFT))
    item = submit_content(content=_make(2, employee, dict(RETURNED)), by=employee)
    decide(
        uuid=item.uuid,
        outcome=Outcome.RETURNED,
        by=moderator,
        reason="Du skriver, at fraværet faldt. Kan du sige fra hvornår til hvornår? Et cirka er fint.",
    )
    submit_content(content=_make(3, other, dict(WAITING)), by=other)
    shown = Entry.objects.published().filter(is_demo=True, kind=Kind.EXAMPLE).order_by("pk").first()
    if shown is None:
        return
    change = Change.begin(
        shown,
        by=people["vaert"],
        proposed={"summary": f"{shown.summary} Vi gør det stadig, og nu også om lørdagen."},
    )
    submit_change(change=change, by=people["vaert"])
    report_content(
        report=Report(reason=ReportReason.OUTDATED, text="Jeg tror, de er holdt op med det."),
        content=shown,
        by=people["borger"],
    )
