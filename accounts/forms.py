"""django-allauth's forms as we show them: Danish, without placeholders, alike for known and unknown addresses."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress, Login
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from allauth.socialaccount import forms as social_forms
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.validators import EmailValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.addresses import is_confirmed
from accounts.models import User
from accounts.spent import spend

LENGTH = _("Mindst 12 tegn. Tre-fire tilfældige ord er lette at huske og svære at gætte.")
SAME = _("De to adgangskoder er ikke ens. Skriv den samme begge steder.")


REQUIRED = {
    "login": _("Skriv din mailadresse."),
    "email": _("Skriv din mailadresse."),
    "password": _("Skriv din adgangskode."),
    "oldpassword": _("Skriv den adgangskode, du har nu."),
    "password1": _("Skriv en adgangskode."),
    "password2": _("Skriv adgangskoden en gang til."),
    "code": _("Skriv koden."),
    "credential": _("Nøglen blev ikke brugt. Prøv igen, eller vælg en anden måde."),
}
ADDRESS = _("Skriv en mailadresse, der ser ud som navn@eksempel.dk.")


def dress(form: Any, **words: tuple[Any, Any]) -> None:
    """Give fields their label, hint and messages, and take allauth's placeholders away."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in REQUIRED:
            field.error_messages = field.error_messages | {"required": REQUIRED[name]}
        if isinstance(field, forms.EmailField):
            field.error_messages = field.error_messages | {"invalid": ADDRESS}
            field.validators = [EmailValidator(message=ADDRESS), *field.validators[1:]]
        label, hint = words.get(name, (None, ""))
        if label is not None:
            field.label = label
        field.help_text = hint


class LoginForm(allauth_forms.LoginForm):
    """E-mail and password. Unknown, unconfirmed and closed accounts get the same answer as a wrong password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, login=(_("E-mail"), ""), password=(_("Adgangskode"), ""))

    def _clean_with_password(self, credentials: dict[str, Any]) -> dict[str, Any]:
        """Raises ValidationError. Who knows the password of an unconfirmed address gets the link once more, by mail."""
        adapter = get_adapter(self.request)
        user = adapter.authenticate(self.request, **credentials)
        email = str(credentials.get("email", "")).lower()
        if user is None or not user.is_active:
            raise adapter.validation_error("email_password_mismatch")
        if not is_confirmed(user, email):
            address, _made = EmailAddress.objects.get_or_create(user=user, email=email)
            address.send_confirmation(self.request, signup=True)
            raise adapter.validation_error("email_password_mismatch")
        self._login = Login(user=user, email=email)
        self.user = user
        cleaned: dict[str, Any] = self.cleaned_data
        return cleaned


class _NewAccount:
    """Two sign-ups at once with one address: the second is answered like one with a known address."""

    def try_save(self, request: HttpRequest) -> Any:
        """The user and no answer, or no user and the answer."""
        form: Any = self
        if form.account_already_exists:
            make_password(form.cleaned_data.get("password1", ""))  # as long as making an account takes
            return super().try_save(request)  # type: ignore[misc]
        try:
            with transaction.atomic():
                return super().try_save(request)  # type: ignore[misc]
        except IntegrityError:
            form.account_already_exists = True
            return super().try_save(request)  # type: ignore[misc]


class SignupForm(_NewAccount, allauth_forms.SignupForm):
    """An account: address, password, and a name if one wants."""

    field_order = ("email", "name", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(
            self,
            email=(_("E-mail"), _("Vi sender et link, som bekræfter adressen. Den vises ikke på portalen.")),
            name=(_("Navn"), self.fields["name"].help_text),
            password1=(_("Adgangskode"), LENGTH),
        )


class BrokerSignupForm(_NewAccount, social_forms.SignupForm):
    """What the broker has not told: where to write to, and a name."""

    field_order = ("email", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(
            self,
            email=(_("E-mail"), _("Vi sender et link, som bekræfter adressen. Den vises ikke på portalen.")),
            name=(_("Navn"), self.fields["name"].help_text),
        )


class ResetLinkForm(allauth_forms.UserTokenForm):
    """A reset link's two parts: whose (by the random key, see adapters), and the token."""

    def _get_user(self, uidb36: str | None) -> User | None:
        try:
            return User.objects.filter(key=uuid.UUID(hex=uidb36 or "")).first()
        except ValueError:
            return None


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Asks for a link to a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, email=(_("E-mail"), ""))


class _NewPassword:
    """The two fields of a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(
            self,
            oldpassword=(_("Den adgangskode, du har nu"), ""),
            password1=(_("Ny adgangskode"), LENGTH),
            password2=(_("Ny adgangskode igen"), ""),
        )

    def clean(self) -> Any:
        """Raises ValidationError at the second field unless they are the same."""
        form: Any = self
        cleaned = forms.Form.clean(form)
        first, second = form.cleaned_data.get("password1"), form.cleaned_data.get("password2")
        if first and second and first != second:
            form.add_error("password2", SAME)
        return cleaned


class ResetPasswordKeyForm(_NewPassword, allauth_forms.ResetPasswordKeyForm):
    """A new password, from the link."""


class ChangePasswordForm(_NewPassword, allauth_forms.ChangePasswordForm):
    """A new password, from who knows the old one."""


class SetPasswordForm(_NewPassword, allauth_forms.SetPasswordForm):
    """A first password, for who has come through the broker."""


class AddEmailForm(allauth_forms.AddEmailForm):
    """One more address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, email=(_("Ny e-mail"), _("Vi sender et link, som du skal åbne, før adressen tæller.")))


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, password=(_("Adgangskode"), ""))


CODE = (_("Kode"), _("Den, appen viser lige nu, eller en af dine nødkoder."))


class _OneUse:
    """A code is taken once, whichever process asks: for the log-in, to prove again who one is, or for a new app."""

    def clean_code(self) -> str:
        """The code. Raises ValidationError also for one that was used already."""
        taken: str = super().clean_code()  # type: ignore[misc]
        form: Any = self
        if not spend(normalize_user_code(taken), f"code:{form.user.key}"):
            raise mfa_adapter().validation_error("incorrect_code")
        return taken


class MfaAuthenticateForm(_OneUse, mfa_forms.AuthenticateForm):
    """The second step of a log-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, code=CODE)


class MfaReauthenticateForm(_OneUse, mfa_forms.ReauthenticateForm):
    """A code, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, code=CODE)


class ActivateTotpForm(_OneUse, totp_forms.ActivateTOTPForm):
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, code=(_("Kode fra appen"), _("Seks cifre.")))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


KEY_NAME = (_("Navn på nøglen"), _("Så du kan kende den igen, for eksempel »Min telefon«."))


class AddKeyForm(webauthn_forms.AddWebAuthnForm):
    """A passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = 100
        dress(
            self,
            name=KEY_NAME,
            passwordless=(
                _("Jeg vil kunne logge ind med nøglen alene, uden e-mail og adgangskode"),
                _("Så skal nøglen kende dig på fingeraftryk, ansigt eller pinkode."),
            ),
        )
        if "passwordless" in self.fields:
            self.fields["passwordless"].initial = True


class EditKeyForm(webauthn_forms.EditWebAuthnForm):
    """A passkey's name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, name=KEY_NAME)
