"""What somebody without an account writes to support an idea: an address, and nothing else."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from guards.spam import TrapMixin


class AddressForm(TrapMixin, forms.Form):
    """An address that gets a link. It is not stored."""

    email = forms.EmailField(
        label=_("Din e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_(
            "Du får en mail med et link. Vi gemmer ikke adressen, kun et aftryk, så ingen støtter to gange."
        ),
        error_messages={"required": _("Skriv din e-mail.")},
    )
