"""Users in admin. Only administrators manage them; roles are the groups that accounts.roles keeps."""

from __future__ import annotations

from typing import Any, ClassVar

import taggit.admin  # noqa: F401 - registers its model now, as the four above do, so that it can be taken away below
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit.models import Tag as UnusedTag

from accounts.actions import after_commit, end_sessions, remove_second_steps
from accounts.addresses import follow_login_address
from accounts.models import User
from accounts.views import staff_login

admin.site.site_header = gettext_lazy("Center for Offentlig Innovation – redaktionen")
admin.site.site_title = gettext_lazy("Redaktionen")
admin.site.index_title = gettext_lazy("Oversigt")
admin.site.empty_value_display = "–"
admin.site.site_url = None  # our own link to the portal stands in the template

# One log-in for everybody.
admin.site.login = staff_login  # type: ignore[method-assign]

# Rights are kept in code, so groups are not edited by hand; our tags are editorial's; and what hangs on an account
# (addresses, keys, sessions) is its owner's, or is handled by the actions below.
THEIRS = [
    model
    for label in ("account", "mfa", "socialaccount", "usersessions")
    for model in apps.get_app_config(label).get_models()
]
for model in (Group, UnusedTag, *THEIRS):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(User)
class UserAdmin(BaseUserAdmin):
    """People and their roles. Every right over users asks for an administrator, whatever groups say."""

    ordering: ClassVar = ["email"]
    list_display = [
        "email",
        "name",
        "confirmed",
        "second_step",
        "is_staff",
        "is_superuser",
        "is_active",
        "last_login",
    ]
    actions = ["log_out_everywhere", "remove_lost_keys"]
    list_filter: ClassVar = ["is_staff", "is_superuser", "is_active", "groups"]
    search_fields: ClassVar = ["email", "name"]
    readonly_fields: ClassVar = ["key", "date_joined", "last_login", "confirmed", "second_step"]
    fieldsets: ClassVar = [
        (None, {"fields": ["email", "password", "name"]}),
        (
            gettext_lazy("Rettigheder"),
            {
                "fields": ["is_active", "is_staff", "groups", "is_superuser"],
                "description": gettext_lazy(
                    "En redaktør skal både være »ansat i redaktionen« og være i gruppen »Redaktion«. "
                    "En administrator må alt, også rette brugere."
                ),
            },
        ),
        (gettext_lazy("Log ind"), {"fields": ["confirmed", "second_step"]}),
        (gettext_lazy("Datoer"), {"fields": ["key", "date_joined", "last_login"]}),
    ]
    add_fieldsets = [
        (
            None,
            {"classes": ["wide"], "fields": ["email", "name", "usable_password", "password1", "password2"]},
        )
    ]
    filter_horizontal: ClassVar = ["groups"]

    class Media:
        css: ClassVar = {"all": ["css/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With what the two columns about the log-in need."""
        mine = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=True)
        steps = Authenticator.objects.filter(user=OuterRef("pk"))
        found: QuerySet[User] = super().get_queryset(request)
        return found.annotate(
            has_confirmed=Exists(mine),
            has_second_step=Exists(steps.exclude(type=Authenticator.Type.RECOVERY_CODES)),
        )

    @admin.display(description=gettext_lazy("e-mail bekræftet"), boolean=True)
    def confirmed(self, obj: Any) -> bool:
        """Whether the address that the person logs in with is confirmed."""
        return bool(getattr(obj, "has_confirmed", False))

    @admin.display(description=gettext_lazy("totrinslogin"), boolean=True)
    def second_step(self, obj: Any) -> bool:
        """Whether the person has an app or a passkey."""
        return bool(getattr(obj, "has_second_step", False))

    def get_actions(self, request: HttpRequest) -> Any:
        """Ours alone: accounts are not deleted here."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.action(description=gettext_lazy("Log ud alle steder"), permissions=["change"])
    def log_out_everywhere(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """End every session of the chosen people."""
        count = sum(end_sessions(user=user, by=request.user) for user in queryset)
        self.message_user(request, _("Der er logget ud %(n)s steder.") % {"n": count}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Fjern mistede nøgler og apps"), permissions=["change"])
    def remove_lost_keys(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Take the second step off the chosen people's accounts, for who has lost it; they are told by mail."""
        count = sum(remove_second_steps(user=user, by=request.user, request=request) for user in queryset)
        self.message_user(
            request,
            _("%(n)s nøgler og apps er fjernet. Ejerne får besked og er logget ud alle steder.")
            % {"n": count},
            messages.SUCCESS,
        )

    def _is_administrator(self, request: HttpRequest) -> bool:
        return request.user.is_active and getattr(request.user, "is_superuser", False)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_administrator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_administrator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Accounts are closed with »aktiv«; the logs that name them must stand."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save, but let nobody lock the door behind themselves."""
        if change and obj.pk == request.user.pk and not (obj.is_active and obj.is_staff and obj.is_superuser):
            obj.is_active = obj.is_staff = obj.is_superuser = True
            self.message_user(
                request,
                _("Du kan ikke fratage dig selv rettigheder. Bed en anden administrator om det."),
                messages.WARNING,
            )
        super().save_model(request, obj, form, change)
        if not change or "email" in form.changed_data:
            address = follow_login_address(obj)
            if not address.verified:
                after_commit(request, lambda: address.send_confirmation(request, signup=not change))
                self.message_user(
                    request,
                    _(
                        "Vi har sendt en mail til %(email)s. Adressen skal bekræftes, før man kan logge ind med den."
                    )
                    % {"email": obj.email},
                    messages.INFO,
                )
