"""Forms that readers and workplaces send to the editors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from editorial.models import Report
from editorial.models.reports import ReportReason
from guards.cpr import refuse_cpr
from guards.once import OnceMixin
from guards.spam import TrapMixin


class ReportForm(TrapMixin, OnceMixin, forms.Form):
    """What is wrong with a page."""

    reason = forms.ChoiceField(
        label=_("Hvad er der galt?"), choices=ReportReason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, hvad der er galt.")},
    )  # fmt: skip
    text = forms.CharField(
        label=_("Fortæl mere"),
        required=False,
        max_length=2000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Jo mere præcist, jo hurtigere kan vi rette det."),
    )
    email = forms.EmailField(
        label=_("Din e-mail"),
        required=False,
        help_text=_("Kun hvis du vil have svar. Vi sletter den, når sagen er lukket."),
    )

    def clean(self) -> dict[str, Any] | None:
        """»Noget andet« needs words."""
        cleaned: dict[str, Any] | None = super().clean()
        data = self.cleaned_data
        wanted = data.get("reason") == ReportReason.OTHER and "text" not in self.errors
        if wanted and not data.get("text", "").strip():
            self.add_error("text", ValidationError(_("Skriv, hvad der er galt.")))
        return cleaned

    def report(self, **fields: Any) -> Report:
        """The report, not saved yet."""
        return Report(reason=self.cleaned_data["reason"], text=self.cleaned_data["text"].strip(), **fields)


class FactsForm(OnceMixin, forms.Form):
    """What a workplace says about facts in a contribution about it."""

    text = forms.CharField(
        label=_("Hvad skal rettes?"),
        max_length=4000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Skriv, hvad der skal rettes.")},
        help_text=_(
            "Skriv, hvad der er forkert, og hvad der er rigtigt. Redaktionen læser det, før noget bliver vist."
        ),
    )
