"""Addresses of the account, below /konto/: django-allauth's own paths and names, each one listed."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from accounts import views


class Key(StringConverter):
    """The part of a reset link before its first hyphen: the person's random key (accounts.adapters)."""

    regex = "[0-9A-Za-z]+"


register_converter(Key, "person")

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("email/", views.email, name="account_email"),
    path("confirm-email/", account.email_verification_sent, name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", account.confirm_email, name="account_confirm_email"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/<person:uidb36>-<str:key>/",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", views.mfa_authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", views.mfa_reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", views.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("2fa/webauthn/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", views.webauthn_login, name="mfa_login_webauthn"),
    path("2fa/webauthn/reauthenticate/", views.webauthn_reauthenticate, name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("sessions/", views.sessions, name="usersessions_list"),
    path("3rdparty/", views.social_connections, name="socialaccount_connections"),
    path("3rdparty/signup/", views.social_signup, name="socialaccount_signup"),
    path("3rdparty/login/cancelled/", views.social_cancelled, name="socialaccount_login_cancelled"),
    path("3rdparty/login/error/", views.social_error, name="socialaccount_login_error"),
    path("oidc/<slug:provider_id>/login/", views.broker_login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", views.broker_callback, name="openid_connect_callback"),
]
