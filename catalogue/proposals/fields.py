"""How the parts that only entries have are asked for: the question, the help beside it, and the form field.

What all kinds have stands in editorial.proposals.fields.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.choices import Evidence, Novelty
from catalogue.models import Entry
from editorial.choices import CARRIED_OUT, Phase
from editorial.proposals.fields import number, of_model

ASKED: dict[str, tuple[Any, Any]] = {
    "problem": (_("Hvad var svært, og for hvem?"), _("Det problem, I ville løse.")),
    "solution": (_("Hvad gjorde I?"), _("Så konkret, at andre kan se det for sig.")),
    "status": (_("Hvor langt er I?"), _("Et eksempel er noget, der er gået i gang.")),
    "effect": (
        _("Hvad blev anderledes?"),
        _("For borgerne, for jer eller for begge. Også det, der blev sværere."),
    ),
    "effect_known_by": (_("Hvordan ved I det?"), _("Vi viser svaret, så andre ved, hvor sikkert det er.")),
    "effect_worse": (_("Hvad blev dårligere eller dyrere?"), _("Det gør resten troværdigt.")),
    "effect_unknown": (_("Hvad ved I ikke?"), _("Det, der ikke er målt eller ikke kan siges endnu.")),
    "values": (_("Hvad er der mest af?"), _("Den slags værdi, det har skabt.")),
    "process": (_("Hvordan gik det til?"), _("Hvem var med, og hvad gjorde I først?")),
    "process_failed": (_("Hvad var det sværeste?"), _("Det er det, andre oftest spørger om.")),
    "conditions": (_("Hvad skal være på plads, før det virker hos andre?"), ""),
    "conditions_core": (_("Hvad kan ikke undværes?"), ""),
    "conditions_adaptable": (_("Hvad kan andre roligt gøre anderledes?"), ""),
    "conditions_law": (_("Jura"), _("Lovgivning, samtykke, databehandling.")),
    "hours_to_start": (_("Timer for at komme i gang"), _("Cirka. Tomt felt: ikke opgjort.")),
    "cost_to_start": (_("Kroner for at komme i gang"), _("Cirka. Tomt felt: ikke opgjort.")),
    "months_to_start": (_("Måneder, til det var i gang"), _("Cirka. Tomt felt: ikke opgjort.")),
    "novelty": (_("Hvor nyt var det?"), ""),
    "innovation_types": (_("Hvad var nyt?"), ""),
    "documentation": (_("Hvad bygger det på?"), _("Evalueringer, tal eller andet, der viser, at det passer.")),
    "body": (_("Fortæl mere"), _("Det, der ikke hører til andre steder.")),
    "what_it_does": (_("Hvad gør I?"), ""),
    "offers": (_("Hvad tilbyder I?"), _("Hvad kan en arbejdsplads få, og hvad koster det?")),
    "who_may_use": (_("Hvem kan bruge det?"), ""),
    "how_it_helps": (_("Hvordan kan det hjælpe en arbejdsplads?"), ""),
    "question": (_("Hvad blev undersøgt?"), ""),
    "findings": (_("Hvad fandt I ud af?"), _("Det vigtigste først.")),
    "method": (_("Hvordan blev det undersøgt?"), _("Hvor mange, hvordan og hvornår.")),
    "period": (_("Hvornår blev det undersøgt?"), _("For eksempel 2022–2024.")),
    "funders": (_("Hvem har betalt?"), ""),
    "authors": (_("Hvem har skrevet det?"), ""),
    "publisher": (_("Hvem har udgivet det?"), ""),
}  # fmt: skip

BRIEF = (
    "summary", "effect_worse", "effect_unknown", "conditions_core", "conditions_adaptable", "conditions_law",
    "conditions_economy", "conditions_it", "conditions_skills", "conditions_leadership",
)  # fmt: skip
"""Texts that are answered in a few lines."""


def _up_to(largest: int) -> Callable[[Any, Any], forms.Field]:
    return lambda label, hint: number(label, hint, localize=True, max_value=largest)


def _status_of_example(label: Any, hint: Any) -> forms.Field:
    choices = [("", _("Vælg")), *((value, Phase(value).label) for value in CARRIED_OUT)]
    return forms.ChoiceField(label=label, help_text=hint, required=False, choices=choices)


def _novelty(label: Any, hint: Any) -> forms.Field:
    return forms.ChoiceField(
        label=label, help_text=hint, required=False, choices=Novelty.choices, widget=forms.RadioSelect
    )


def _effect(label: Any, hint: Any) -> forms.Field:
    return _one_of_two(of_model(Entry._meta.get_field("effect"), label, hint))


def _effect_known_by(label: Any, hint: Any) -> forms.Field:
    return _one_of_two(
        forms.ChoiceField(
            label=label, help_text=hint, required=False, choices=Evidence.choices, widget=forms.RadioSelect
        )
    )


def _one_of_two(field: forms.Field) -> forms.Field:
    """Neither is optional: one of the two has to be answered."""
    field.one_of_several = True  # type: ignore[attr-defined]
    return field


FIELDS: dict[str, Callable[[Any, Any], forms.Field]] = {
    "status": _status_of_example, "novelty": _novelty, "effect": _effect, "effect_known_by": _effect_known_by,
    "hours_to_start": _up_to(2_147_483_647), "cost_to_start": _up_to(10**12), "months_to_start": _up_to(32_767),
}  # fmt: skip
"""Part → what makes its field. Only examples are asked how far they are."""
