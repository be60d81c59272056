"""What the editors set when they run the matching."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from editorial.choices import State
from guards.cpr import refuse_cpr
from practicum.choices import PinKind, StayState
from practicum.matching import words
from practicum.matching.preferences import Criterion
from practicum.matching.problem import HIGHEST_WEIGHT, Weights
from practicum.models import Application, Offer

EXPLAINED = {
    Criterion.SUBJECT: _(
        "Gæst og plads har samme fagområder. Alle fælles giver alt, ingen fælles giver intet."
    ),
    Criterion.SECTOR: _("Viden spredes mellem sektorer. Gæst og vært fra hver sin sektor giver alt."),
    Criterion.DISTANCE: _("0 km giver alt, 300 km og mere giver intet."),
    Criterion.LAST_YEAR: _(
        "De, der var med sidste år og ikke fik en plads. Ved 100 går de foran alle andre, uanset resten."
    ),
    Criterion.MARK: _("Værten vil gerne have gæsten: alt. Værten er i tvivl: intet. Ellers halvdelen."),
}


class WeightsForm(forms.Form):
    """How much each criterion counts: whole numbers from 0, which turns it off, to 100."""

    def __init__(self, *args: Any, weights: Weights | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = Weights()
        for criterion in Criterion:
            self.fields[criterion] = forms.IntegerField(
                label=words.CRITERIA[criterion],
                min_value=0,
                max_value=HIGHEST_WEIGHT,
                initial=getattr(weights or given, criterion),
                help_text=_("%(what)s Normalt %(number)s.")
                % {"what": EXPLAINED[criterion], "number": getattr(given, criterion)},
            )

    def weights(self) -> Weights:
        """What it says, once it is valid."""
        return Weights(**{criterion.value: self.cleaned_data[criterion] for criterion in Criterion})


class PinForm(forms.Form):
    """That a guest and a place are to be put together, or not to be."""

    kind = forms.ChoiceField(
        label=_("Hvad skal gælde?"),
        choices=PinKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, om de skal eller ikke må sættes sammen.")},
    )
    offer = forms.ModelChoiceField(
        label=_("Praktikplads"), queryset=Offer.objects.none(), to_field_name="uuid", empty_label=_("Vælg")
    )
    reason = forms.CharField(
        label=_("Hvorfor?"), max_length=300, validators=[refuse_cpr],
        help_text=_("Kun redaktionen ser det. Skriv det, så en kollega forstår det om et år."),
    )  # fmt: skip

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = Offer.objects.filter(round=application.round_id, state=State.PUBLISHED)
        field = self.fields["offer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = offers.exclude(owner=application.workplace_id).order_by("sort_key", "pk")


class StaySearchForm(forms.Form):
    """Which stays the dashboard lists."""

    q = forms.CharField(
        label=_("Plads, arbejdsplads eller gæst"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    tilstand = forms.ChoiceField(
        label=_("Tilstand"), choices=[("", _("Alle")), *StayState.choices], required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.one_of_several = True  # type: ignore[attr-defined]
