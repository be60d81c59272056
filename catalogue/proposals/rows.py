"""Rows that only entries have: measures, what happened when, the steps of a tool."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.choices import Better
from editorial.proposals.fields import DIGITS
from editorial.proposals.rows import RowForm, Sort, text


def amount(label: Any) -> forms.DecimalField:
    """A number with a comma; kept as typed when it is none."""
    return forms.DecimalField(
        label=label, required=False, max_digits=14, decimal_places=3, localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input-char-8"}),
        error_messages={"invalid": DIGITS},
    )  # fmt: skip


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


SORTS: dict[str, Sort] = {
    "measures": Sort(MeasureRow, _("Et tal, der viser det"), _("Endnu et tal")),
    "timeline": Sort(TimelineRow, _("Hvad skete der hvornår?"), _("Endnu et skridt")),
    "steps": Sort(StepRow, _("Trin for trin"), _("Endnu et trin")),
}
"""Name of the rows → what they are."""
