"""What a leader answers, and where whoever offers a place writes whom to ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guards.cpr import refuse_cpr
from guards.once import OnceMixin
from practicum.choices import Answer

EMAIL = forms.EmailInput(attrs={"autocomplete": "off", "class": "coi-wide"})


class AnswerForm(forms.Form):
    """Yes, no with a reason, or passed on. The link works once, so it needs no other token."""

    answer = forms.ChoiceField(
        label=_("Dit svar"),
        choices=[
            (Answer.YES, _("Ja, det er i orden")),
            (Answer.NO, _("Nej, det kan ikke lade sig gøre")),
            (Answer.DELEGATED, _("En anden leder skal svare")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg ja, nej eller en anden leder.")},
    )
    name = forms.CharField(
        label=_("Dit navn"), max_length=80, validators=[refuse_cpr],
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "coi-wide"}),
        help_text=_("Så den, der spørger, kan se, hvem der svarede."),
        error_messages={"required": _("Skriv dit navn.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Hvorfor ikke?"), max_length=500, required=False, validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Kun ved nej. Den, der spørger, får det at læse."),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Den anden leders mailadresse"), max_length=254, required=False, widget=EMAIL,
        help_text=_("Kun når en anden skal svare. Adressen skal være på arbejdspladsen."),
        error_messages={"invalid": _("Skriv en mailadresse, for eksempel navn@kommune.dk.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("reason", "email"):  # which of the two is needed depends on the answer
            self.fields[name].one_of_several = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A no has a reason, and what is passed on somewhere to go."""
        data = super().clean() or self.cleaned_data
        if data.get("answer") == Answer.NO and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Skriv, hvorfor det ikke kan lade sig gøre."))
        if data.get("answer") == Answer.DELEGATED and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("Skriv den anden leders mailadresse."))
        return data


def leader_field(initial: str = "") -> forms.EmailField:
    """Whom to ask."""
    return forms.EmailField(
        label=_("Din leders mailadresse"), max_length=254, initial=initial, widget=EMAIL,
        help_text=_(
            "På arbejdspladsen. Lederen får en mail med et link og kan svare uden konto. Vi viser ikke adressen."
        ),
        error_messages={
            "required": _("Skriv din leders mailadresse."),
            "invalid": _("Skriv en mailadresse, for eksempel navn@kommune.dk."),
        },
    )  # fmt: skip


class AskForm(OnceMixin, forms.Form):
    """Ask a leader, or another one."""

    email = forms.EmailField()

    def __init__(self, *args: Any, initial_email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = leader_field(initial_email)
