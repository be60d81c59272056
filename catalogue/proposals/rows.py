"""Rows that may be several: measures, what happened when, steps, links, others who took part, pictures."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalogue.choices import Better
from catalogue.proposals.fields import DIGITS, workplace_field
from catalogue.proposals.workplaces import label_of, meant, suggested
from editorial.models.parts import LinkKind
from guards.cpr import refuse_cpr
from places.models import Workplace

MOST = 20
"""Rows of one sort."""
PICTURES = 8


def needed(label: Any) -> dict[str, Any]:
    """What is said where a row that somebody has begun lacks a field."""
    return {"required": format_lazy(_("Udfyld »{label}«, eller tøm linjen."), label=label)}


def text(
    label: Any, length: int, *, required: bool = False, hint: Any = "", rows: int = 0, wide: bool = False
) -> Any:
    """A field of text, never with a CPR number."""
    attrs = {"class": "coi-wide"} if wide else {}
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        help_text=hint,
        widget=widget,
        validators=[refuse_cpr],
        error_messages=needed(label),
    )


def amount(label: Any) -> forms.DecimalField:
    """A number with a comma; kept as typed when it is none."""
    return forms.DecimalField(
        label=label, required=False, max_digits=14, decimal_places=3, localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input-char-8"}),
        error_messages={"invalid": DIGITS},
    )  # fmt: skip


class RowForm(forms.Form):
    """One row. Its cleaned data are the row's columns, unless `row()` says otherwise."""

    def row(self) -> dict[str, Any]:
        """The row as a Change stores it."""
        return dict(self.cleaned_data)

    @classmethod
    def initial_of(cls, row: dict[str, Any]) -> dict[str, Any]:
        """The stored row as the form shows it."""
        return dict(row)


class MeasureRow(RowForm):
    """The same thing before and after."""

    label = text(_("Hvad er talt"), 80, required=True, hint=_("F.eks. »Klager«."))
    unit = text(_("Enhed"), 60, required=True, hint=_("F.eks. »om måneden«."))
    before = amount(_("Før"))
    after = amount(_("Efter"))
    better = forms.ChoiceField(label=_("Hvad er bedst?"), choices=Better.choices, required=False)
    evidence = text(_("Hvordan er det talt?"), 300)

    def clean(self) -> dict[str, Any]:
        """At least one number."""
        data = super().clean() or self.cleaned_data
        if not self.errors and data.get("before") is None and data.get("after") is None:
            self.add_error("before", _("Skriv mindst ét af tallene før og efter."))
        return data

    def row(self) -> dict[str, Any]:
        """Numbers as the database writes them."""
        data = super().row()
        for name in ("before", "after"):
            data[name] = None if data[name] is None else format(data[name], ".3f")
        return data

    @classmethod
    def initial_of(cls, row: dict[str, Any]) -> dict[str, Any]:
        """»120« rather than »120,000«."""
        shown = dict(row)
        for name in ("before", "after"):
            try:
                value = Decimal(shown[name])
            except (InvalidOperation, TypeError, KeyError):
                continue
            shown[name] = value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()
        return shown


class TimelineRow(RowForm):
    """Something that happened along the way."""

    when = text(_("Hvornår"), 60, required=True, hint=_("F.eks. »Marts 2024«."))
    text = text(_("Hvad skete der?"), 400, required=True, wide=True)


class StepRow(RowForm):
    """A step of a tool."""

    title = text(_("Trin"), 120, required=True, wide=True)
    text = text(_("Sådan gør man"), 4000, rows=3)


class LinkRow(RowForm):
    """A link out of the portal."""

    title = text(_("Hvad er det?"), 160, required=True, wide=True)
    url = forms.CharField(
        label=_("Adresse"), max_length=600, validators=[refuse_cpr],
        widget=forms.TextInput(attrs={"inputmode": "url", "class": "coi-wide"}), error_messages=needed(_("Adresse")),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Slags"), choices=LinkKind.choices, initial=LinkKind.MORE, required=False
    )
    note = text(_("Note"), 160)

    def clean_url(self) -> str:
        """A full address on the web; »www.…« is completed."""
        url = str(self.cleaned_data["url"]).strip()
        if "://" not in url:
            url = f"https://{url}"
        try:
            URLValidator(schemes=["http", "https"])(url)
        except ValidationError as error:
            raise ValidationError(
                _("Skriv hele adressen, for eksempel https://www.eksempel.dk/rapport")
            ) from error
        return url

    def clean_kind(self) -> str:
        """Read more, unless something else is chosen."""
        return str(self.cleaned_data["kind"] or LinkKind.MORE)


def workplace_meant(value: str) -> Workplace:
    """The workplace that was typed. Raises ValidationError that names those it may be."""
    if found := meant(value):
        return found
    near = [label_of(w) for w in suggested(value, user=None)] if len(value.strip()) > 2 else []
    if near:
        raise ValidationError(
            _("Vi ved ikke, hvilken du mener. Skriv et af navnene her: %(names)s."),
            params={"names": "; ".join(f"»{name}«" for name in near[:5])},
        )
    raise ValidationError(
        _("Vi kender ikke »%(name)s«. Ret navnet, eller lad feltet stå tomt, og skriv det til redaktionen."),
        params={"name": value[:80]},
    )


class ParticipationRow(RowForm):
    """Another workplace that takes part."""

    workplace = workplace_field(_("Arbejdsplads"))
    role = text(_("Rolle"), 80, hint=_("F.eks. »betaler« eller »afprøver«."))

    def clean_workplace(self) -> Workplace:
        """One that the portal knows."""
        if not self.cleaned_data["workplace"].strip():
            raise ValidationError(_("Skriv, hvilken arbejdsplads der var med."))
        return workplace_meant(self.cleaned_data["workplace"])

    def row(self) -> dict[str, Any]:
        """With the workplace's key."""
        data = super().row()
        return {"workplace_id": data["workplace"].pk, "role": data["role"]}


class PictureRow(RowForm):
    """A picture that has been uploaded: what it shows, and in which order."""

    name = forms.CharField(widget=forms.HiddenInput)
    alt = text(_("Hvad viser billedet?"), 250, hint=_("Til dem, der ikke kan se det."), wide=True)
    decorative = forms.BooleanField(label=_("Ren pynt: teksten siger det hele"), required=False)
    caption = text(_("Billedtekst"), 250, wide=True)
    credit = text(_("Fotograf eller kilde"), 120)
    position = forms.IntegerField(
        label=_("Nummer"), required=False, min_value=1, max_value=99,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-char-4"}),
        error_messages={"invalid": DIGITS},
    )  # fmt: skip
    remove = forms.BooleanField(label=_("Fjern billedet"), required=False)

    def clean(self) -> dict[str, Any]:
        """What it shows is asked for."""
        data = super().clean() or self.cleaned_data
        if not (data.get("alt") or data.get("decorative") or data.get("remove") or "alt" in self.errors):
            self.add_error("alt", _("Skriv, hvad billedet viser, eller sæt kryds ved »Ren pynt«."))
        return data


FORMS: dict[str, type[RowForm]] = {
    "measures": MeasureRow, "timeline": TimelineRow, "steps": StepRow, "links": LinkRow,
    "participations": ParticipationRow, "pictures": PictureRow,
}  # fmt: skip
LEGENDS: dict[str, tuple[Any, Any]] = {
    "measures": (_("Et tal, der viser det"), _("Endnu et tal")),
    "timeline": (_("Hvad skete der hvornår?"), _("Endnu et skridt")),
    "steps": (_("Trin for trin"), _("Endnu et trin")),
    "links": (_("Links og bilag"), _("Endnu et link")),
    "participations": (_("Andre, der var med"), _("Endnu en arbejdsplads")),
    "pictures": (_("Billeder"), ""),
}
"""What the rows are called, and the button that adds one."""


class Rows:
    """All rows of one sort. Empty rows say nothing; a row is taken away by emptying it."""

    extra: ClassVar[int] = 1

    def __init__(
        self, name: str, data: MultiValueDict[str, str] | None, stored: Iterable[dict[str, Any]]
    ) -> None:
        self.name, self.is_bound = name, data is not None
        self.legend, self.add_label = LEGENDS[name]
        self.stored = list(stored)
        form = FORMS[name]
        if data is not None:
            try:
                number = int(data.get(f"{name}-n") or 0)
            except ValueError:
                number = 0
            number = max(0, min(number, MOST))
        else:
            number = min(MOST, len(self.stored) + (0 if name == "pictures" else self.extra))
        self.forms: list[RowForm] = []
        for n in range(number):
            known = n < len(self.stored) and data is None
            self.forms.append(
                form(
                    data, prefix=f"{name}-{n}", empty_permitted=True, use_required_attribute=False,
                    initial=self._initial(self.stored[n], n) if known else None,
                )
            )  # fmt: skip

    def _initial(self, row: dict[str, Any], n: int) -> dict[str, Any]:
        shown = FORMS[self.name].initial_of(row)
        if self.name == "pictures":
            shown |= {"decorative": not row.get("alt"), "position": n + 1}
        return shown

    @property
    def may_add(self) -> bool:
        """Whether there is room for one more."""
        return len(self.forms) < MOST

    def is_valid(self) -> bool:
        """Whether every row is."""
        return all(form.is_valid() for form in self.forms)

    def quiet(self) -> None:
        """Say nothing of what is wrong yet."""
        for form in self.forms:
            form.full_clean()
            form._errors = forms.utils.ErrorDict()  # type: ignore[attr-defined]

    def values(self) -> list[dict[str, Any]]:
        """The rows as a Change stores them; call only when valid."""
        filled = [form for form in self.forms if form.has_changed()]
        if self.name == "pictures":
            return self._pictures(filled)
        rows = []
        known = {row.get("url"): row for row in self.stored} if self.name == "links" else {}
        for position, form in enumerate(filled):
            row = {**form.row(), "position": position}
            if self.name == "links":
                row["checked_on"] = (known.get(row["url"]) or {}).get("checked_on")
            rows.append(row)
        return rows

    def _pictures(self, filled: list[RowForm]) -> list[dict[str, Any]]:
        """Only pictures that are stored with it: a name from elsewhere gives nothing, and none goes unseen."""
        known = {row["name"]: row for row in self.stored}
        chosen: dict[str, tuple[int, dict[str, Any]]] = {}
        for n, form in enumerate(filled):
            data = form.cleaned_data
            row = known.pop(data["name"], None)
            if row is None or data["remove"]:
                continue
            alt = "" if data["decorative"] and not data["alt"] else data["alt"]
            texts = {"alt": alt, "caption": data["caption"], "credit": data["credit"]}
            chosen[data["name"]] = (data["position"] or 90 + n, {**row, **texts})
        rows = [row for _place, row in sorted(chosen.values(), key=lambda pair: pair[0])]
        rows += known.values()
        return [{**row, "position": n} for n, row in enumerate(rows)]
