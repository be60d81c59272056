"""The forms by which an account is erased: by its owner, and by an administrator whom the owner has asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User


class DeleteAccountForm(forms.Form):
    """The owner types the account's address: nobody does that by a slip."""

    address = forms.CharField(
        label=gettext_lazy("Skriv din mailadresse for at bekræfte"),
        help_text=gettext_lazy("Den adresse, du logger ind med."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Skriv din mailadresse, hvis du vil slette kontoen.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_address(self) -> str:
        """It must be the one of the account."""
        address: str = self.cleaned_data["address"].strip().lower()
        if address != self.user.email:
            raise ValidationError(_("Det er ikke den mailadresse, du logger ind med. Intet er slettet."))
        return address


class EraseForm(forms.Form):
    """An administrator names the account that somebody has asked to have erased."""

    address = forms.EmailField(
        label=gettext_lazy("Kontoens mailadresse"),
        help_text=gettext_lazy("Vær sikker på, at den, der beder om det, er den, kontoen tilhører."),
    )
    sure = forms.BooleanField(label=gettext_lazy("Jeg har set efter, at det er den rigtige konto."))

    def clean_address(self) -> str:
        """An account must have it."""
        address: str = self.cleaned_data["address"].strip().lower()
        if not User.objects.filter(email=address).exists():
            raise ValidationError(_("Ingen konto har den mailadresse."))
        return address
