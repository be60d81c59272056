"""Which sections an entry's page has, by type, in reading order. What is empty takes no room.

This is the one place that ties a section to its fields: the page, its table of contents and the meter of how
complete an entry is are all made from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalogue.choices import KINDS
from catalogue.models import Entry
from editorial.choices import Kind


@dataclass(frozen=True)
class Section:
    """A section of the page: its anchor, heading, template, and the fields and rows that fill it."""

    anchor: str
    title: Any
    fields: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    template: str = "catalogue/sections/text.html"

    def is_filled(self, entry: Entry) -> bool:
        """Whether the entry has anything to show here."""
        return any(getattr(entry, name) not in ("", None) for name in self.fields) or any(
            len(getattr(entry, name).all()) for name in self.rows
        )

    def texts(self, entry: Entry) -> list[str]:
        """The section's texts that are filled, for the plain template."""
        return [text for name in self.fields if isinstance(text := getattr(entry, name), str) and text]


_PROBLEM = Section("problem", _("Problem"), ("problem",))
_SOLUTION = Section("loesning", _("Løsning"), ("solution",))
_EFFECT = Section(
    "virkning",
    _("Virkning"),
    ("effect", "effect_worse", "effect_unknown"),
    ("measures",),
    "catalogue/sections/effect.html",
)
_PROCESS = Section(
    "proces", _("Proces"), ("process", "process_failed"), ("timeline",), "catalogue/sections/process.html"
)
_CONDITIONS = Section(
    "betingelser",
    _("Betingelser"),
    (
        "conditions", "conditions_core", "conditions_adaptable", "conditions_law", "conditions_economy",
        "conditions_it", "conditions_skills", "conditions_leadership",
        "hours_to_start", "cost_to_start", "months_to_start",
    ),
    template="catalogue/sections/conditions.html",
)  # fmt: skip
_HARD = Section(
    "svaert", _("Det, der var svært"), rows=("questions",), template="catalogue/sections/questions.html"
)
_REUSE = Section(
    "genbrug", _("Hvem har genbrugt det"), rows=("reuses",), template="catalogue/sections/reuse.html"
)
_DOCUMENTATION = Section(
    "dokumentation",
    _("Dokumentation og links"),
    ("documentation",),
    ("links",),
    "catalogue/sections/documentation.html",
)
_BODY = Section("om", _("Kort fortalt"), ("body",))
_STEPS = Section("trin", _("Sådan gør I"), rows=("steps",), template="catalogue/sections/steps.html")
_OFFERS = (
    Section("hvad", _("Hvad de gør"), ("what_it_does",)),
    Section("tilbud", _("Hvad de tilbyder"), ("offers",)),
    Section("hvem", _("Hvem der kan bruge det"), ("who_may_use",)),
    Section("hjaelp", _("Sådan kan det hjælpe en arbejdsplads"), ("how_it_helps",)),
)
_RESEARCH = (
    Section("spoergsmaal", _("Spørgsmål"), ("question",)),
    Section("resultater", _("Resultater"), ("findings",)),
    Section("metode", _("Metode"), ("method",)),
)
_EXAMPLE = (_PROBLEM, _SOLUTION, _EFFECT, _PROCESS, _CONDITIONS, _HARD)

_FIRST: dict[str, tuple[Section, ...]] = {
    Kind.EXAMPLE: _EXAMPLE,
    Kind.INITIATIVE: _OFFERS,
    Kind.KNOWLEDGE_CENTRE: _OFFERS,
    Kind.RESEARCH: _RESEARCH,
    Kind.LITERATURE: (),
    Kind.TOOL: (_STEPS,),
}
_ALL: tuple[Section, ...] = (*_OFFERS, *_RESEARCH, _STEPS, *_EXAMPLE)


def _ordered(first: Iterable[Section]) -> tuple[Section, ...]:
    own = tuple(first)
    return (_BODY, *own, *(s for s in _ALL if s not in own), _REUSE, _DOCUMENTATION)


SECTIONS: dict[str, tuple[Section, ...]] = {kind: _ordered(_FIRST[kind]) for kind in KINDS}
"""Kind → all sections, those typical of the kind first; any entry may have any section that it has content for."""

TYPICAL: dict[str, tuple[Section, ...]] = {kind: _FIRST[kind] for kind in KINDS}
"""Kind → the sections that a reader expects."""


def filled_sections(entry: Entry) -> list[Section]:
    """The sections that the entry has something to show in, in reading order."""
    return [section for section in SECTIONS[entry.kind] if section.is_filled(entry)]
