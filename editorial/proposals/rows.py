"""Rows that may be several: links, others who took part, pictures, and those that an area adds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from editorial.models.parts import LinkKind
from editorial.proposals import fields
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


class RowForm(forms.Form):
    """One row. Its cleaned data are the row's columns, unless `row()` says otherwise."""

    def row(self) -> dict[str, Any]:
        """The row as a Change stores it."""
        return dict(self.cleaned_data)

    @classmethod
    def initial_of(cls, row: dict[str, Any]) -> dict[str, Any]:
        """The stored row as the form shows it."""
        return dict(row)


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


class ParticipationRow(RowForm):
    """Another workplace that takes part."""

    workplace = fields.workplace(_("Arbejdsplads"))
    role = text(_("Rolle"), 80, hint=_("F.eks. »betaler« eller »afprøver«."))

    def clean_workplace(self) -> Workplace:
        """One that the portal knows."""
        if not self.cleaned_data["workplace"]:
            raise ValidationError(_("Skriv, hvilken arbejdsplads der var med."))
        found: Workplace = self.cleaned_data["workplace"]
        return found

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
        error_messages={"invalid": fields.DIGITS},
    )  # fmt: skip
    remove = forms.BooleanField(label=_("Fjern billedet"), required=False)

    def clean(self) -> dict[str, Any]:
        """What it shows is asked for."""
        data = super().clean() or self.cleaned_data
        if not (data.get("alt") or data.get("decorative") or data.get("remove") or "alt" in self.errors):
            self.add_error("alt", _("Skriv, hvad billedet viser, eller sæt kryds ved »Ren pynt«."))
        return data


@dataclass(frozen=True)
class Sort:
    """A sort of rows: the form of one, what they are called, and the button that adds one."""

    form: type[RowForm]
    legend: Any
    add_label: Any = ""


SORTS: dict[str, Sort] = {
    "links": Sort(LinkRow, _("Links og bilag"), _("Endnu et link")),
    "participations": Sort(ParticipationRow, _("Andre, der var med"), _("Endnu en arbejdsplads")),
    "pictures": Sort(PictureRow, _("Billeder")),
}
"""Name of the rows → what they are; an area adds its own in AppConfig.ready."""


class Rows:
    """All rows of one sort. Empty rows say nothing; a row is taken away by emptying it."""

    extra: ClassVar[int] = 1

    def __init__(
        self, name: str, data: MultiValueDict[str, str] | None, stored: Iterable[dict[str, Any]]
    ) -> None:
        self.name, self.is_bound = name, data is not None
        sort = SORTS[name]
        self.legend, self.add_label = sort.legend, sort.add_label
        self.stored = list(stored)
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
                sort.form(
                    data, prefix=f"{name}-{n}", empty_permitted=True, use_required_attribute=False,
                    initial=self._initial(self.stored[n], n) if known else None,
                )
            )  # fmt: skip

    def _initial(self, row: dict[str, Any], n: int) -> dict[str, Any]:
        shown = SORTS[self.name].form.initial_of(row)
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
