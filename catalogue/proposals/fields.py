"""How each part of an entry is asked for: the question, the help beside it, and the form field.

What is not named here is asked for with the model's own label and help text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from catalogue.models import Entry
from editorial.choices import CARRIED_OUT, Kind, Phase
from editorial.models import SubjectArea
from guards.cpr import refuse_cpr
from places.models import Municipality, Region

ASKED: dict[str, tuple[Any, Any]] = {
    "title": (_("Hvad hedder det?"), _("Sig, hvad der blev gjort. Højst 120 tegn.")),
    "summary": (
        _("Fortæl det kort"),
        _("To-tre sætninger, som en travl kollega kan nøjes med. Højst 500 tegn."),
    ),
    "problem": (_("Hvad var svært, og for hvem?"), _("Det problem, I ville løse.")),
    "solution": (_("Hvad gjorde I?"), _("Så konkret, at andre kan se det for sig.")),
    "owner_id": (
        _("Hvilken arbejdsplads står bag?"),
        _("Begynd at skrive navnet, og vælg på listen. Står den der ikke, så lad feltet stå tomt, og skriv "
          "navnet til redaktionen, når du sender."),
    ),
    "municipality_id": (_("Kommune"), _("Hvis det foregår i en bestemt kommune.")),
    "region_id": (_("Region"), _("Kun når det gælder en hel region. Ellers følger regionen kommunen.")),
    "sectors": (_("Hvilken del af det offentlige?"), _("Sæt flere krydser, hvis det går på tværs.")),
    "subject_areas": (_("Hvilke fagområder?"), _("Det er sådan, de fleste finder frem.")),
    "status": (_("Hvor langt er I?"), _("Et eksempel er noget, der er gået i gang.")),
    "year_from": (_("Begyndte i år"), _("Fire cifre, for eksempel 2024.")),
    "year_to": (_("Sluttede i år"), _("Lad feltet stå tomt, hvis det stadig er i gang.")),
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
    "tags": (_("Emner"), _("Ord, som andre ville søge efter. Sæt komma imellem, for eksempel: breve, ventetid.")),
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
    "source": (_("Hvor er oplysningerne fra?"), _("Vises på siden.")),
    "source_year": (_("Kildens år"), ""),
}  # fmt: skip

MODEL_FIELDS = {"owner_id": "owner", "municipality_id": "municipality", "region_id": "region"}
"""Part → its name in the form, where it differs."""

YEARS = ("year_from", "year_to", "source_year")
NUMBERS = ("hours_to_start", "cost_to_start", "months_to_start")
DIGITS = _("Skriv tallet med cifre, for eksempel 19")
LONG = 6
SHORT = 3
BRIEF = (
    "summary", "effect_worse", "effect_unknown", "conditions_core", "conditions_adaptable", "conditions_law",
    "conditions_economy", "conditions_it", "conditions_skills", "conditions_leadership",
)  # fmt: skip
"""Texts that are answered in a few lines."""


def form_name(part: str) -> str:
    """What the part is called in a form."""
    return MODEL_FIELDS.get(part, part)


class TagsField(forms.CharField):
    """Free words with commas between; cleaned to a list."""

    def clean(self, value: Any) -> list[str]:
        """At most twelve words, of at most 60 characters each."""
        text = super().clean(value)
        words = list(dict.fromkeys(w for part in text.split(",") if (w := " ".join(part.split()))))
        if len(words) > 12:
            raise ValidationError(_("Vælg de tolv vigtigste."))
        if any(len(word) > 60 for word in words):
            raise ValidationError(_("Et emne må højst være på 60 tegn. Sæt komma mellem emnerne."))
        return words

    def prepare_value(self, value: Any) -> Any:
        """A list as it is written."""
        return ", ".join(value) if isinstance(value, list) else value


def number(label: Any, hint: Any = "", **options: Any) -> forms.IntegerField:
    """A whole number, as Danes write it; a text field, so that what is no number is kept and explained."""
    return forms.IntegerField(
        label=label, help_text=hint, required=False, min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-char-8"}),
        error_messages={
            "invalid": DIGITS,
            "min_value": _("Skriv 0 eller et højere tal."),
            "max_value": _("Tallet er for stort."),
        },
        **options,
    )  # fmt: skip


def ask(part: str, *, kind: str) -> forms.Field:
    """The form field of a part for a type of entry."""
    model = Entry._meta.get_field(form_name(part)) if part != "tags" else None
    label, hint = ASKED.get(part) or (
        capfirst(str(model.verbose_name)),  # type: ignore[union-attr]
        model.help_text,  # type: ignore[union-attr]
    )
    if part in YEARS:
        years = number(label, hint, max_value=2100)
        years.min_value = 1900
        years.validators = [_plausible_year]
        years.widget.attrs["class"] = "input-char-4"
        return years
    if part in NUMBERS:
        largest = {"hours_to_start": 2_147_483_647, "cost_to_start": 10**12, "months_to_start": 32_767}[part]
        return number(label, hint, localize=True, max_value=largest)
    if part == "tags":
        return TagsField(label=label, help_text=hint, required=False, max_length=600, validators=[refuse_cpr])
    if part == "owner_id":
        return workplace_field(label, hint)
    if part in ("municipality_id", "region_id"):
        rows: Any = Municipality.objects.order_by("sort_key") if part == "municipality_id" else _regions()
        names = [(row.code, row.full_name if part == "municipality_id" else row.name) for row in rows]
        return forms.ChoiceField(
            label=label, help_text=hint, required=False, choices=[("", _("Ikke en bestemt")), *names]
        )
    if part == "subject_areas":
        return forms.MultipleChoiceField(
            label=label, help_text=hint, required=kind == Kind.EXAMPLE,
            choices=list(SubjectArea.objects.values_list("slug", "name")), widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Vælg mindst ét fagområde.")},
        )  # fmt: skip
    return _of_model(model, part, label, hint, kind)


def _regions() -> Iterable[Region]:
    return Region.objects.filter(valid_to__isnull=True)


def _plausible_year(value: int) -> None:
    if not 1900 <= value <= 2100:
        raise ValidationError(_("Skriv årstallet med fire cifre, for eksempel 2024."))


def _of_model(model: Any, part: str, label: Any, hint: Any, kind: str) -> forms.Field:
    if model.choices and part in ("status", "novelty", "effect_known_by"):
        choices = list(model.choices)
        if part == "status" and kind == Kind.EXAMPLE:
            choices = [(value, Phase(value).label) for value in CARRIED_OUT]
        if part == "status":
            choices = [("", _("Vælg")), *choices]
        widget = forms.Select if part == "status" else forms.RadioSelect
        return forms.ChoiceField(label=label, help_text=hint, required=False, choices=choices, widget=widget)
    field: forms.Field = model.formfield(label=label, help_text=hint)
    if isinstance(field, forms.CharField):
        field.validators.append(refuse_cpr)
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = SHORT if part in BRIEF else LONG
    if part == "title":
        field.error_messages["required"] = _("Skriv, hvad det hedder. Det kan rettes senere.")
        field.widget.attrs |= {"class": "coi-wide"}
    if part == "summary":
        field.error_messages["required"] = _("Fortæl med et par sætninger, hvad det går ud på.")
    return field


def workplace_field(label: Any, hint: Any = "") -> forms.CharField:
    """A workplace by its name, with suggestions."""
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=330,
        widget=forms.TextInput(attrs={"list": "workplaces", "autocomplete": "off", "class": "coi-wide"}),
    )  # fmt: skip
