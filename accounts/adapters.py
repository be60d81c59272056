"""What django-allauth asks us: who is inactive, what mails say of the portal, and what authenticators are called."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import url_str_to_user_pk
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User

NAME_LENGTH = 150
WRONG = gettext_lazy(
    "Vi kan ikke logge dig ind med den e-mail og adgangskode. Tjek, at begge dele er rigtige, og at du har bekræftet "
    "din mailadresse med det link, vi har sendt dig."
)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by e-mail address. What it answers never tells whether an address is known."""

    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "account_inactive": WRONG,
        "email_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "duplicate_email": gettext_lazy("Den adresse står allerede på din konto."),
        "max_email_addresses": gettext_lazy(
            "Du kan højst have %d adresser. Fjern en, du ikke bruger mere, og prøv igen."
        ),
        "enter_current_password": gettext_lazy(
            "Det er ikke den adgangskode, du har nu. Skriv den, du logger ind med."
        ),
        "incorrect_password": gettext_lazy("Adgangskoden er forkert. Prøv igen."),
        "incorrect_code": gettext_lazy(
            "Koden er forkert, for gammel eller allerede brugt. Vent på appens næste kode, eller brug en anden nødkode."
        ),
        "invalid_password_reset": gettext_lazy("Linket er for gammelt eller allerede brugt."),
    }

    def is_safe_url(self, url: str) -> bool:
        """Only addresses on the host that was asked; no other of ours, and none elsewhere."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """The client's address as TrustedProxies has found it; a unix socket has none."""
        return request.META.get("REMOTE_ADDR") or "127.0.0.1"

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """As allauth's, with the name that the person wants to be shown by."""
        user.name = form.cleaned_data.get("name", "") or user.name
        return super().save_user(request, user, form, commit)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A closed account is answered like a wrong password."""
        clear_login(request)
        self.add_message(request, 40, message=str(WRONG))
        return redirect("account_login")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """With what every letter of ours says of the portal."""
        super().send_mail(
            template_prefix,
            email,
            {"portal_url": settings.SITE_URL, "contact_email": settings.CONTACT_EMAIL} | context,
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link to a new password. It names the person by their random key, not by the number that allauth takes."""
        number, _hyphen, token = key.partition("-")
        user = User.objects.get(pk=url_str_to_user_pk(number))
        link: str = super().get_reset_password_from_key_url(f"{user.key.hex}-{token}")
        return link

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff to their administration, everybody else to the front page (or their own, where there is one)."""
        return landing(request.user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the page of the account."""
        return reverse("account_email")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """As allauth's, in Danish."""
        words = {
            "reauthenticate": _("Brug din adgangskode"),
            "mfa_reauthenticate": _("Brug en kode fra din app eller en nødkode"),
            "mfa_reauthenticate:webauthn": _("Brug en adgangsnøgle"),
        }
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": words[str(method["id"])]} for method in methods]


def landing(user: Any) -> str:
    """Where a log-in leads that came from no page of ours."""
    return reverse("admin:index") if user.is_staff else "/"


class MfaAdapter(DefaultMFAAdapter):
    """Codes and keys, in Danish."""

    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": gettext_lazy(
            "Nødkoder hører til en app eller en adgangsnøgle. Tilføj en af dem først."
        ),
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "unverified_email": gettext_lazy("Bekræft din mailadresse, før du slår totrinslogin til."),
    }

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        """»Adgangsnøgle 1«, and so on."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Adgangsnøgle %(number)s") % {"number": count + 1}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """What the browser shows when it asks which key to use."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.get_full_name()}


class BrokerAdapter(DefaultSocialAccountAdapter):
    """People who come from the broker. An account of ours is never theirs because the address is the same."""

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """A new user with the name that the broker gives."""
        user = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        user.name = (data.get("name") or " ".join(filter(None, parts)))[:NAME_LENGTH]
        user.email = (user.email or "").lower()
        return user
