"""The name one is shown by, asked for when an account is made.

A module of its own: allauth's forms inherit from this one, and ours inherit from theirs.
"""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class NameForm(forms.Form):
    """What both ways of making an account ask for besides the address (ACCOUNT_SIGNUP_FORM_CLASS)."""

    name = forms.CharField(
        label=_("Navn"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Sådan står du som afsender, når du deler noget. Du kan skrive det senere."),
    )

    def clean_name(self) -> str:
        """One line, without characters that can't be seen."""
        return "".join(c for c in self.cleaned_data["name"] if c.isprintable()).strip()

    def signup(self, request: HttpRequest, user: User) -> None:
        """Nothing more: the name is stored with the user."""
