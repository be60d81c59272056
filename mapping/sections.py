"""What the pages of projects and units have, in reading order. What is empty takes no room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import facts
from editorial.facts import Fact
from mapping.models import Project, Unit


@dataclass(frozen=True)
class Section:
    """A section of text: its anchor, its heading, and the field that fills it (Markdown)."""

    anchor: str
    title: Any
    field: str


@dataclass(frozen=True)
class Filled:
    """A section with something in it."""

    anchor: str
    title: str
    text: str


SECTIONS: dict[type[Project] | type[Unit], tuple[Section, ...]] = {
    Project: (
        Section("maal", gettext_lazy("Mål"), "goal"),
        Section("hypotese", gettext_lazy("Hypotese"), "hypothesis"),
        Section("metode", gettext_lazy("Metode"), "method"),
        Section("resultater", gettext_lazy("Resultater indtil nu"), "results"),
        Section("virkede-ikke", gettext_lazy("Det virkede ikke"), "failed"),
        Section("laert", gettext_lazy("Det har vi lært"), "learned"),
        Section("hjaelp", gettext_lazy("Det vil vi gerne have hjælp til"), "wanted"),
    ),
    Unit: (
        Section("hvad", gettext_lazy("Hvad de gør"), "does"),
        Section("hjaelp", gettext_lazy("Det kan man få hjælp til"), "services"),
        Section("hvem", gettext_lazy("Hvem der kan bruge enheden"), "who_may_use"),
        Section("metoder", gettext_lazy("Metoder"), "methods"),
    ),
}
"""Type → its sections, in reading order."""


def filled_sections(content: Project | Unit) -> list[Filled]:
    """The sections that have something in them."""
    return [
        Filled(section.anchor, str(section.title), text)
        for section in SECTIONS[type(content)]
        if (text := getattr(content, section.field).strip())
    ]


def key_facts(content: Project | Unit) -> list[Fact]:
    """What a busy reader wants to know first; without what is not known."""
    told = _project_facts(content) if isinstance(content, Project) else _unit_facts(content)
    return [fact for fact in told if fact.value]


def _project_facts(project: Project) -> list[Fact]:
    where = ", ".join(filter(None, [project.site, _place(project)]))
    return [
        facts.owner(project),
        Fact(_("Hvor"), where),
        Fact(_("Periode") if project.period else _("Hvornår"), project.period or facts.years(project)),
        Fact(_("Hvor langt"), project.get_status_display() if project.status else ""),
        Fact(_("Sektor"), facts.sectors(project)),
        Fact(_("Partnere"), project.partners),
    ]


def _unit_facts(unit: Unit) -> list[Fact]:
    start = str(unit.year_from or "")
    return [
        facts.owner(unit),
        Fact(_("Hvor"), _place(unit)),
        Fact(_("Sektor"), facts.sectors(unit)),
        Fact(_("Størrelse"), unit.size),
        Fact(_("Begyndte"), start),
        Fact(_("Lukket"), str(unit.closed_year or ""), note=unit.after_closing),
    ]


def _place(content: Project | Unit) -> str:
    """Where it is; nothing where neither municipality nor region is known."""
    return facts.place(content) if content.municipality_id or content.region_id else ""
