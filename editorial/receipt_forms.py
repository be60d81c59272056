"""The forms of a receipt's page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from guards.cpr import refuse_cpr
from guards.once import OnceMixin


class CodeForm(forms.Form):
    """The code, however it is typed."""

    code = forms.CharField(
        label=_("Koden på din kvittering"),
        max_length=100,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "coi-code-input",
            }
        ),
        help_text=_("26 tegn. Store eller små bogstaver, med eller uden bindestreger."),
        error_messages={"required": _("Skriv koden.")},
    )


class AnswerForm(OnceMixin, forms.Form):
    """What the sender writes to the editors."""

    answer = forms.CharField(
        label=_("Besked til redaktionen"),
        required=False,
        max_length=2000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Læses kun af redaktionen."),
    )


class WithdrawForm(forms.Form):
    """That it is meant."""

    sure = forms.BooleanField(
        label=_("Ja, træk den tilbage"),
        error_messages={"required": _("Sæt kryds, hvis du vil trække den tilbage.")},
    )
    reason = forms.CharField(
        label=_("Hvorfor?"),
        required=False,
        max_length=500,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Du behøver ikke at sige det. Det gemmes i redaktionens log."),
    )
