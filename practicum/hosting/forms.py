"""What a host notes about an application."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from guards.cpr import refuse_cpr

MARKS = (
    (5, _("5 – passer rigtig godt")),
    (4, "4"),
    (3, "3"),
    (2, "2"),
    (1, _("1 – passer slet ikke")),
)


class MarkForm(forms.Form):
    """How well an application fits, and why."""

    mark = forms.TypedChoiceField(
        label=_("Så godt passer den"),
        choices=MARKS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Vælg et tal fra 1 til 5."),
            "invalid_choice": _("Vælg et tal fra 1 til 5."),
        },
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        validators=[refuse_cpr],
        help_text=_("Til jer selv og centret. Gæsten ser den kun ved at hente alle data om sig selv."),
    )
