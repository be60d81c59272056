"""How each part of a proposal is asked for: the question, the help beside it, and the form field.

What all kinds have stands here; a kind says the rest in its ProposalKind. What nobody names is asked for with the
model's own label and help text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from editorial.models import SubjectArea
from editorial.proposals.kinds import PROPOSED
from editorial.proposals.workplaces import label_of, workplace_meant
from guards.cpr import refuse_cpr
from places.models import Municipality, Region, Workplace

ASKED: dict[str, tuple[Any, Any]] = {
    "title": (_("Hvad hedder det?"), _("Sig, hvad der blev gjort. Højst 120 tegn.")),
    "summary": (
        _("Fortæl det kort"),
        _("To-tre sætninger, som en travl kollega kan nøjes med. Højst 500 tegn."),
    ),
    "owner_id": (
        _("Hvilken arbejdsplads står bag?"),
        _("Begynd at skrive navnet, og vælg på listen. Står den der ikke, så lad feltet stå tomt, og skriv "
          "navnet til redaktionen, når du sender."),
    ),
    "municipality_id": (_("Kommune"), _("Hvis det foregår i en bestemt kommune.")),
    "region_id": (_("Region"), _("Kun når det gælder en hel region. Ellers følger regionen kommunen.")),
    "sectors": (_("Hvilken del af det offentlige?"), _("Sæt flere krydser, hvis det går på tværs.")),
    "subject_areas": (_("Hvilke fagområder?"), _("Det er sådan, de fleste finder frem.")),
    "year_from": (_("Begyndte i år"), _("Fire cifre, for eksempel 2024.")),
    "year_to": (_("Sluttede i år"), _("Lad feltet stå tomt, hvis det stadig er i gang.")),
    "tags": (_("Emner"), _("Ord, som andre ville søge efter. Sæt komma imellem, for eksempel: breve, ventetid.")),
    "source": (_("Hvor er oplysningerne fra?"), _("Vises på siden.")),
    "source_year": (_("Kildens år"), ""),
}  # fmt: skip

DIGITS = _("Skriv tallet med cifre, for eksempel 19")
ROWS = 6
"""Lines of a text."""


def form_name(part: str) -> str:
    """What the part is called in a form."""
    return part.removesuffix("_id")


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


def year(label: Any, hint: Any = "") -> forms.IntegerField:
    """Four digits."""
    field = number(label, hint, max_value=2100)
    field.min_value = 1900
    field.validators = [_plausible_year]
    field.widget.attrs["class"] = "input-char-4"
    return field


def tags(label: Any, hint: Any = "") -> TagsField:
    """Free words."""
    return TagsField(label=label, help_text=hint, required=False, max_length=600, validators=[refuse_cpr])


def municipality(label: Any, hint: Any = "") -> forms.ChoiceField:
    """One of those that are, or none."""
    rows = Municipality.objects.order_by("sort_key")
    return _one_of(label, hint, [(row.code, row.full_name) for row in rows])


def region(label: Any, hint: Any = "") -> forms.ChoiceField:
    """One of today's, or none."""
    return _one_of(
        label, hint, [(row.code, row.name) for row in Region.objects.filter(valid_to__isnull=True)]
    )


def _one_of(label: Any, hint: Any, names: Iterable[tuple[str, str]]) -> forms.ChoiceField:
    choices = [("", _("Ikke en bestemt")), *names]
    return forms.ChoiceField(label=label, help_text=hint, required=False, choices=choices)


def subject_areas(label: Any, hint: Any = "") -> forms.MultipleChoiceField:
    """Any number of the portal's subject areas."""
    return forms.MultipleChoiceField(
        label=label, help_text=hint, required=False, choices=list(SubjectArea.objects.values_list("slug", "name")),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


def needed_subject_areas(label: Any, hint: Any = "") -> forms.MultipleChoiceField:
    """At least one of them."""
    field = subject_areas(label, hint)
    field.required = True
    field.error_messages["required"] = _("Vælg mindst ét fagområde.")
    return field


class WorkplaceField(forms.CharField):
    """A workplace by its name, with suggestions; cleaned to the workplace or None, shown from its key."""

    def clean(self, value: Any) -> Workplace | None:
        """The one that is meant. Raises ValidationError that names those it may be."""
        text = super().clean(value).strip()
        return workplace_meant(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        """A key as the name."""
        if not isinstance(value, int):
            return value
        if value not in (kept := self.__dict__.setdefault("labels", {})):
            found = Workplace.objects.with_place().filter(pk=value).first()
            kept[value] = label_of(found) if found else ""
        return kept[value]


def workplace(label: Any, hint: Any = "") -> WorkplaceField:
    """A workplace by its name, with suggestions from the list `workplaces` of the page."""
    return WorkplaceField(
        label=label, help_text=hint, required=False, max_length=330,
        widget=forms.TextInput(attrs={"list": "workplaces", "autocomplete": "off", "class": "coi-wide"}),
    )  # fmt: skip


FIELDS: dict[str, Callable[[Any, Any], forms.Field]] = {
    "year_from": year, "year_to": year, "source_year": year, "tags": tags, "owner_id": workplace,
    "municipality_id": municipality, "region_id": region, "subject_areas": subject_areas,
}  # fmt: skip
"""Part → what makes its field, for all kinds."""


def asked(part: str, kind: str) -> tuple[Any, Any]:
    """Question and help of a part, for a kind."""
    way = PROPOSED[kind]
    if told := way.asked.get(part) or ASKED.get(part):
        return told
    column: Any = way.model._meta.get_field(form_name(part))
    return capfirst(str(column.verbose_name)), column.help_text


def ask(part: str, *, kind: str) -> forms.Field:
    """The form field of a part, for a kind."""
    way = PROPOSED[kind]
    label, hint = asked(part, kind)
    if make := way.fields.get(part) or FIELDS.get(part):
        return make(label, hint)
    return of_model(
        way.model._meta.get_field(form_name(part)), label, hint, rows=3 if part in way.brief else ROWS
    )


def _plausible_year(value: int) -> None:
    if not 1900 <= value <= 2100:
        raise ValidationError(_("Skriv årstallet med fire cifre, for eksempel 2024."))


def of_model(column: Any, label: Any, hint: Any, *, rows: int = ROWS) -> forms.Field:
    """The model's own field, asked for in our words; a text of `rows` lines, never with a CPR number."""
    field: forms.Field = column.formfield(label=label, help_text=hint)
    if isinstance(field, forms.CharField):
        field.validators.append(refuse_cpr)
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = rows
    if column.name == "title":
        field.error_messages["required"] = _("Skriv, hvad det hedder. Det kan rettes senere.")
        field.widget.attrs |= {"class": "coi-wide"}
    if column.name == "summary":
        field.error_messages["required"] = _("Fortæl med et par sætninger, hvad det går ud på.")
    return field
