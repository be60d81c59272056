"""OpenID Connect for a MitID Erhverv broker: people are known by issuer and subject, and by nothing else."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponseBase

from accounts.spent import spend

PROVIDER = "openid_connect"
UID_LENGTH = 191


def uid(issuer: str, subject: str) -> str:
    """The key of a federated person: a subject means nothing without its issuer.

    Raises OAuth2Error where one of them is missing.
    """
    if not issuer or not subject:
        raise OAuth2Error("no issuer or subject")
    key = f"{issuer}#{subject}"
    return key if len(key) <= UID_LENGTH else f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"


class BrokerClient(OpenIDConnectOAuth2Adapter):
    """allauth's client, which checks the signature always and lets nobody take another's user information."""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """The log-in that the tokens speak of. Raises OAuth2Error for anything that does not fit together."""
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("no id_token")
        data = {"id_token": self._decode_id_token(app, id_token)}
        if self.openid_config.get("userinfo_endpoint"):
            data["userinfo"] = self._fetch_user_info(token.token)
            if data["userinfo"].get("sub") != data["id_token"].get("sub"):
                raise OAuth2Error("userinfo of another subject")
        return self.get_provider().sociallogin_from_response(request, data)

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        config = self.openid_config
        found: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=config["jwks_uri"],
            issuer=config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        if found.get("jti") and not spend(str(found["jti"]), f"id-token:{found.get('iss')}"):
            raise OAuth2Error("token already used")
        return found


class BrokerProvider(OpenIDConnectProvider):
    """The broker that OIDC_SERVER_URL names."""

    oauth2_adapter_class = BrokerClient

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Issuer and subject of the signed token."""
        token = data["id_token"]
        return uid(str(token.get("iss") or ""), str(token.get("sub") or ""))

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """The broker's address as a suggestion: rights follow from domains, so people confirm it by mail."""
        addresses: list[Any] = super().extract_email_addresses(data)
        for address in addresses:
            address.email, address.verified = address.email.lower(), False
        return addresses


def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Off to the broker (a POST; GET shows a page with a button). 404 where none is set."""
    return _through(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the broker."""
    return _through(OAuth2CallbackView, request, provider_id)


def _through(view: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    try:
        answer: HttpResponseBase = view.adapter_view(BrokerClient(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return answer
