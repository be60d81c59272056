"""How the parts of projects and innovation units are asked for: the question, the help beside it, the field, and what
must hold between them.

What all kinds have stands in editorial.proposals.fields.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.choices import Phase
from editorial.proposals.fields import municipality, needed_subject_areas, year
from editorial.proposals.forms import StepForm
from editorial.proposals.kinds import Parts
from mapping.adding.entries import EntryField, keep_hidden
from mapping.adding.fields import check_point, latitude, longitude
from places.models import Municipality

ASKED: dict[str, tuple[Any, Any]] = {
    "title": (gettext_lazy("Hvad hedder det?"), gettext_lazy("Navnet, som I selv bruger. Højst 120 tegn.")),
    "municipality_id": (
        gettext_lazy("Kommune"),
        gettext_lazy("Den kommune, det foregår i. Gælder det hele landet, så den, I holder til i."),
    ),
    "goal": (gettext_lazy("Hvad skal blive bedre, og for hvem?"), ""),
    "hypothesis": (gettext_lazy("Hvad tror I, der sker?"), gettext_lazy("Når I gør det, I vil prøve af.")),
    "site": (
        gettext_lazy("Hvor præcist?"),
        gettext_lazy("F.eks. en afdeling, en skole eller et distrikt."),
    ),
    "partners": (
        gettext_lazy("Partnere, der ikke er på portalen"),
        gettext_lazy("F.eks. virksomheder og foreninger. Skriv navnene med komma imellem."),
    ),
    "status": (gettext_lazy("Hvor langt er I?"), ""),
    "period": (gettext_lazy("Hvornår foregår det?"), gettext_lazy("F.eks. »marts–september 2026«.")),
    "method": (
        gettext_lazy("Hvordan prøver I det af?"),
        gettext_lazy("Og hvordan følger I med i, om det virker?"),
    ),
    "wanted": (
        gettext_lazy("Hvad vil I gerne have hjælp til?"),
        gettext_lazy("Hvem vil I gerne høre fra, og om hvad?"),
    ),
    "is_laboratory": (
        gettext_lazy("Det er et styringslaboratorium"),
        gettext_lazy("Et forsøg med at styre på en anden måde."),
    ),
    "results": (gettext_lazy("Hvad er der kommet ud af det?"), gettext_lazy("Indtil nu.")),
    "failed": (gettext_lazy("Hvad gik ikke, som I troede?"), ""),
    "learned": (gettext_lazy("Hvad har I lært?"), ""),
    "example_id": (
        gettext_lazy("Er det blevet til et eksempel på portalen?"),
        gettext_lazy("Skriv titlen, eller sæt adressen på siden ind."),
    ),
    "does": (gettext_lazy("Hvad gør I?"), ""),
    "services": (
        gettext_lazy("Hvad kan man få hjælp til?"),
        gettext_lazy("F.eks. rådgivning, forløb, lokaler eller undervisning, og hvad det koster."),
    ),
    "who_may_use": (gettext_lazy("Hvem kan bruge jer?"), ""),
    "methods": (gettext_lazy("Hvordan arbejder I?"), gettext_lazy("De metoder, I bruger mest.")),
    "size": (gettext_lazy("Hvor mange er I?"), gettext_lazy("F.eks. »8 ansatte«.")),
    "same_entry_id": (
        gettext_lazy("Står enheden også i Inspiration?"),
        gettext_lazy("F.eks. som videnscenter. Skriv titlen, eller sæt adressen på siden ind."),
    ),
    "closed_year": (gettext_lazy("Lukkede i år"), gettext_lazy("Fire cifre, for eksempel 2019.")),
    "after_closing": (
        gettext_lazy("Hvad blev der af den?"),
        gettext_lazy("F.eks. hvem der fører opgaverne videre."),
    ),
}

BRIEF = ("summary", "hypothesis", "wanted", "who_may_use")
"""Texts that are answered in a few lines."""


def _status(label: Any, hint: Any) -> forms.Field:
    choices = [("", gettext_lazy("Vælg")), *Phase.choices]
    return forms.ChoiceField(label=label, help_text=hint, required=False, choices=choices)


def _municipality(label: Any, hint: Any) -> forms.Field:
    """Shown beside the map, with the point."""
    field = municipality(label, hint)
    field.one_of_several = True  # type: ignore[attr-defined]  # this, or a region
    field.with_map = "mapping/adding/point_fields.html"  # type: ignore[attr-defined]
    return field


def _on_map(make: Callable[[], forms.Field]) -> Callable[[Any, Any], forms.Field]:
    """A field that the map shows with the municipality."""

    def made(_label: Any, _hint: Any) -> forms.Field:
        field = make()
        field.is_on_map = True  # type: ignore[attr-defined]
        return field

    return made


def _point_is_right() -> forms.Field:
    return forms.BooleanField(label=gettext_lazy("Ja, punktet er rigtigt"), required=False)


FIELDS: dict[str, Callable[[Any, Any], forms.Field]] = {
    "municipality_id": _municipality, "lat": _on_map(latitude), "lng": _on_map(longitude),
    "point_is_right": _on_map(_point_is_right), "status": _status, "closed_year": year,
    "example_id": EntryField.asked, "same_entry_id": EntryField.asked,
}  # fmt: skip
"""Part → what makes its field."""
FIELDS_OF_PROJECT = {**FIELDS, "subject_areas": needed_subject_areas}
"""As for both; a project needs a subject area to be shown."""


def check(form: StepForm, data: Parts) -> None:
    """Where it is, on which point, and what became of a unit that has closed."""
    if "municipality" in form.fields:
        _check_place(form, data)
    if data.get("after_closing") and not data.get("closed_year") and "closed_year" not in form.errors:
        form.add_error("closed_year", _("Skriv også, hvornår enheden lukkede."))
    for name in ("example", "same_entry"):
        if name in form.fields:
            keep_hidden(data, name, form.before.get(f"{name}_id"))


def _check_place(form: StepForm, data: Parts) -> None:
    code = data.get("municipality") or ""
    if form.strict and not (code or data.get("region")):
        form.add_error("municipality", _("Vælg en kommune eller en region, så det kan stå på kortet."))
        return
    if {"lat", "lng"} & set(form.errors):
        return
    lat, lng = data.get("lat"), data.get("lng")
    if (lat is not None or lng is not None) and not code:
        form.add_error("municipality", _("Vælg den kommune, punktet ligger i."))
        return
    known = tuple(str(form.before.get(name) or "") for name in ("municipality_id", "lat", "lng"))
    check_point(
        form, lat=lat, lng=lng, municipality=Municipality.objects.filter(pk=code).first(),
        is_known=known == (code, str(lat), str(lng)),
    )  # fmt: skip
