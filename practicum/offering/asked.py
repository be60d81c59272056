"""How the parts of a place are asked for: question, help, field, and what must hold between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.clock import CoiToday, coi_today
from editorial.proposals.fields import DIGITS, needed_subject_areas, of_model
from editorial.proposals.forms import StepForm
from editorial.proposals.kinds import Parts
from editorial.widgets import DayInput
from practicum.models import MOST_DAYS, MOST_SEATS, Offer, Round

ASKED: dict[str, tuple[Any, Any]] = {
    "title": (
        gettext_lazy("Hvad skal pladsen hedde?"),
        gettext_lazy("Sig, hvad gæsten kommer for at se. Højst 120 tegn."),
    ),
    "summary": (
        gettext_lazy("Fortæl det i to linjer"),
        gettext_lazy("Hvad er gæsten med til? Det står på listen. Højst 500 tegn."),
    ),
    "programme": (
        gettext_lazy("Hvad ser og gør gæsten?"),
        gettext_lazy("Gerne dag for dag. Det behøver ikke ligge helt fast."),
    ),
    "suits": (
        gettext_lazy("Hvem passer det til?"),
        gettext_lazy("F.eks. ledere, sagsbehandlere eller alle faggrupper."),
    ),
    "hopes": (
        gettext_lazy("Hvad håber I at få ud af besøget?"),
        gettext_lazy("F.eks. nye øjne på noget, eller at gæsten fortæller, hvordan de gør."),
    ),
    "round_id": (
        gettext_lazy("Hvornår på året?"),
        gettext_lazy("De fleste ophold ligger i rundens uge. I kan også tage imod hele året."),
    ),
    "days": (gettext_lazy("Hvor mange dage varer et ophold?"), gettext_lazy("Fra 1 til 10.")),
    "starts_on": (gettext_lazy("Tidligste dag"), gettext_lazy("Første dag, en gæst kan komme.")),
    "ends_on": (gettext_lazy("Seneste dag"), gettext_lazy("Sidste dag, en gæst kan være der.")),
    "is_flexible": (
        gettext_lazy("Tiden aftales med gæsten"),
        gettext_lazy("Så står der ingen datoer. Pladser i runden ligger stadig i rundens uger."),
    ),
    "direct_seats": (
        gettext_lazy("Pladser, der aftales direkte"),
        gettext_lazy("Gæsten skriver til jer, og I svarer selv. Lad feltet stå tomt, hvis der ingen er."),
    ),
    "round_seats": (
        gettext_lazy("Pladser, der fordeles i runden"),
        gettext_lazy("Centret parrer gæster og værter, når alle har søgt, og I siger ja eller nej bagefter."),
    ),
    "municipality_id": (gettext_lazy("Kommune"), gettext_lazy("Der, hvor gæsten skal møde.")),
    "meeting_place": (
        gettext_lazy("Mødested"),
        gettext_lazy("F.eks. »Rådhuset, indgang B«. Alle kan læse det."),
    ),
    "confidentiality": (
        gettext_lazy("Er der noget, gæsten ikke må dele?"),
        gettext_lazy("F.eks. at gæsten skriver under på tavshedspligt."),
    ),
    "certificates": (
        gettext_lazy("Skal gæsten have en attest?"),
        gettext_lazy("Den tager nogle uger at få, så gæsten skal vide det nu."),
    ),
    "accessibility": (
        gettext_lazy("Adgang for alle"),
        gettext_lazy("F.eks. elevator, teleslynge, et roligt rum, eller at I gerne finder en løsning."),
    ),
    "remote": (
        gettext_lazy("Kan noget foregå hjemmefra?"),
        gettext_lazy("F.eks. et møde på skærm før eller efter."),
    ),
}

BRIEF = ("summary", "suits", "hopes", "confidentiality", "accessibility", "remote")
"""Texts that are answered in a few lines."""


class Number(forms.IntegerField):
    """A whole number from `least` to `most`, in a text field, so that what is no number is kept and explained. Empty is
    `empty`, where it may be."""

    def __init__(
        self, *, least: int, most: int, empty: int | None = None, wrong: Any, **options: Any
    ) -> None:
        self.empty = empty
        super().__init__(
            min_value=least, max_value=most, required=empty is None,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-char-4"}),
            error_messages={"invalid": DIGITS, "min_value": wrong, "max_value": wrong, "required": wrong},
            **options,
        )  # fmt: skip

    def clean(self, value: Any) -> int | None:
        """The number. Raises ValidationError."""
        found: int | None = super().clean(value)
        return self.empty if found is None else found


def _day(label: Any, hint: Any) -> forms.Field:
    field = forms.DateField(
        label=label, help_text=hint, required=False, widget=DayInput({"class": "input-width-m"}),
        error_messages={"invalid": _("Skriv en dato, f.eks. 13.09.2027.")},
    )  # fmt: skip
    field.one_of_several = True  # type: ignore[attr-defined]  # both, or that the time is agreed on
    return field


def _days(label: Any, hint: Any) -> forms.Field:
    wrong = _("Et ophold varer fra 1 til %s dage. Skriv tallet med cifre.") % MOST_DAYS
    return Number(least=1, most=MOST_DAYS, wrong=wrong, label=label, help_text=hint)


def _seats(label: Any, hint: Any) -> forms.Field:
    wrong = _("Skriv et tal fra 0 til %s.") % MOST_SEATS
    field = Number(least=0, most=MOST_SEATS, empty=0, wrong=wrong, label=label, help_text=hint)
    field.one_of_several = True  # type: ignore[attr-defined]  # seats of one of the two ways
    return field


def _round(label: Any, hint: Any) -> forms.Field:
    """All that are not over; `check` sees to that the chosen one takes places now."""
    rows = Round.objects.public().filter(evaluation_until__gte=CoiToday()).order_by("year")[:10]
    names = [(row.pk, _in_words(row)) for row in rows]
    field = forms.TypedChoiceField(
        label=label, help_text=hint, required=False, coerce=int, empty_value=None, widget=forms.RadioSelect,
        choices=[*names, ("", _("Hele året, uden for en runde"))],
    )  # fmt: skip
    field.one_of_several = True  # type: ignore[attr-defined]  # a round, or all year
    return field


def _in_words(row: Round) -> str:
    monday, friday = row.common_week()
    return _("Runden %(year)s: mest i uge %(week)s, %(first)s – %(last)s") % {
        "year": row.year, "week": row.week, "first": formats.date_format(monday, "j. F"),
        "last": formats.date_format(friday, "j. F"),
    }  # fmt: skip


def _programme(label: Any, hint: Any) -> forms.Field:
    field = of_model(Offer._meta.get_field("programme"), label, hint)
    field.one_of_several = True  # type: ignore[attr-defined]  # not voluntary; `check` says what is missing
    return field


FIELDS: dict[str, Callable[[Any, Any], forms.Field]] = {
    "programme": _programme, "subject_areas": needed_subject_areas, "round_id": _round, "days": _days,
    "starts_on": _day, "ends_on": _day, "direct_seats": _seats, "round_seats": _seats,
}  # fmt: skip
"""Part → what makes its field."""


def check(form: StepForm, data: Parts) -> None:
    """What must hold between the fields: a programme, seats of some way, a round where seats are of one, and dates that
    a stay fits between."""
    if (
        "programme" in form.fields
        and not (data.get("programme") or "").strip()
        and "programme" not in form.errors
    ):
        form.add_error("programme", _("Skriv, hvad gæsten ser og gør."))
    if "direct_seats" not in form.fields:
        return
    _check_seats(form, data)
    chosen: int | None = data.get("round")
    row = Round.objects.filter(pk=chosen).first() if chosen else None
    is_new = row is not None and (form.strict or row.pk != form.before.get("round_id"))
    if row is not None and is_new and not Round.objects.open_for_offers().filter(pk=row.pk).exists():
        form.add_error(
            "round", _("Runden tager ikke imod nye pladser lige nu. Vælg en anden, eller hele året.")
        )
    _check_dates(form, data, row)


def _check_seats(form: StepForm, data: Parts) -> None:
    direct, in_round = data.get("direct_seats"), data.get("round_seats")
    if direct is None or in_round is None:
        return
    if direct + in_round == 0:
        form.add_error("direct_seats", _("Skriv, hvor mange gæster der er plads til."))
    elif direct + in_round > MOST_SEATS:
        form.add_error("direct_seats", _("Der er højst plads til %s gæster i alt.") % MOST_SEATS)
    if in_round and not data.get("round") and "round" not in form.errors:
        form.add_error("round_seats", _("Vælg den runde, pladserne fordeles i, eller aftal dem direkte."))


def _check_dates(form: StepForm, data: Parts, row: Round | None) -> None:
    if data.get("is_flexible"):
        data["starts_on"] = data["ends_on"] = None
        return
    first, last = data.get("starts_on"), data.get("ends_on")
    if {"starts_on", "ends_on"} & set(form.errors):
        return
    if not (first and last):
        missing = "ends_on" if first else "starts_on"
        form.add_error(missing, _("Skriv datoen, eller sæt kryds ved, at tiden aftales med gæsten."))
        return
    days = data.get("days")
    if last < first:
        form.add_error("ends_on", _("Seneste dag skal være den samme som tidligste dag eller senere."))
    elif form.strict and last < coi_today():
        form.add_error("ends_on", _("Datoen er passeret."))
    elif days and (last - first).days + 1 < days:
        form.add_error("ends_on", _("Der er færre dage mellem de to datoer, end et ophold varer."))
    elif row is not None and data.get("round_seats") and not _within(row, first, last):
        told = {"first": formats.date_format(row.stays_from), "last": formats.date_format(row.stays_until)}
        form.add_error("starts_on", _("Pladser i runden skal ligge mellem %(first)s og %(last)s.") % told)


def _within(row: Round, first: dt.date, last: dt.date) -> bool:
    return row.stays_from <= first and last <= row.stays_until
