"""Users in admin. Only administrators manage them; roles are the groups that accounts.roles keeps."""

from __future__ import annotations

from typing import Any, ClassVar

import taggit.admin  # noqa: F401 - registers its model now, so that it can be taken away below
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit.models import Tag as UnusedTag

from accounts.models import User
from accounts.views import staff_login

admin.site.site_header = gettext_lazy("Center for Offentlig Innovation – redaktionen")
admin.site.site_title = gettext_lazy("Redaktionen")
admin.site.index_title = gettext_lazy("Oversigt")
admin.site.empty_value_display = "–"
admin.site.site_url = None  # our own link to the portal stands in the template

# One log-in for everybody.
admin.site.login = staff_login  # type: ignore[method-assign, assignment]

# Rights are kept in code, so groups are not edited by hand; and our tags are editorial's.
for model in (Group, UnusedTag):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(User)
class UserAdmin(BaseUserAdmin):
    """People and their roles. Every right over users asks for an administrator, whatever groups say."""

    ordering: ClassVar = ["email"]
    list_display = ["email", "name", "is_staff", "is_superuser", "is_active", "last_login"]
    list_filter: ClassVar = ["is_staff", "is_superuser", "is_active", "groups"]
    search_fields: ClassVar = ["email", "name"]
    readonly_fields: ClassVar = ["key", "date_joined", "last_login"]
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
                _("Du kan ikke tage dine egne rettigheder. Bed en anden administrator om det."),
                messages.WARNING,
            )
        super().save_model(request, obj, form, change)
