"""Roles at workplaces in admin: staff answer, pause, remove and trust, each with a reason; and the log, read only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.staff_admin import SturdyList
from places import memberships
from places.memberships import MembershipError, Outcome
from places.models import Membership, Pause, RoleChange

LOG_SHOWN = 50
What = RoleChange.What


class ReasonForm(ActionForm):
    """The actions' own field: the reason that the person gets to see."""

    reason = forms.CharField(
        label=gettext_lazy("Begrundelse:"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"size": 40}),
    )


class ReadOnly(SturdyList):
    """A list and pages to look at."""

    list_per_page = 50
    show_full_result_count = False

    class Media:
        css: ClassVar = {"all": ["css/admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MembershipAdmin(ReadOnly):
    """Who is what where. Nothing is typed over: every change is an action that the log tells of.

    The layer above registers it (editorial.admin_roles), because it knows whom to tell.
    """

    list_display = [
        "person",
        "workplace",
        "role",
        "state",
        "basis",
        "trusted",
        "title",
        "created_at",
        "confirm_by",
    ]
    list_filter: ClassVar = ["state", "role", "trusted", "suspended_reason", "basis"]
    list_select_related: ClassVar = ["user", "workplace"]
    search_fields: ClassVar = ["user__email", "user__name", "workplace__name", "workplace__aliases__name"]
    search_help_text = gettext_lazy("Søg på navn, e-mail eller arbejdsplads.")
    actions = ["approve", "decline", "remove", "suspend", "resume", "trust", "distrust"]
    action_form = ReasonForm
    readonly_fields: ClassVar = ["person", "log"]
    fieldsets: ClassVar = [
        (None, {"fields": ["person", "workplace", "role", "state", "suspended_reason", "trusted"]}),
        (gettext_lazy("Hvorfor"), {"fields": ["title", "note", "basis"]}),
        (
            gettext_lazy("Datoer"),
            {"fields": ["created_at", "approved_at", "confirmed_at", "confirm_by", "asked_on", "ended_at"]},
        ),
        (gettext_lazy("Ændringer"), {"fields": ["log"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All of them."""
        return [name for _title, options in self.fieldsets for name in options["fields"]]

    @admin.display(description=gettext_lazy("person"), ordering="user__email")
    def person(self, obj: Membership) -> str:
        """Name and address; for staff only."""
        return f"{obj.user.name} ({obj.user.email})" if obj.user.name else obj.user.email

    @admin.display(description=gettext_lazy("ændringer"))
    def log(self, obj: Membership) -> str:
        """What happened to the person's roles at the workplace, newest first."""
        rows = list(
            RoleChange.objects.filter(user_key=obj.user.key, workplace_uuid=obj.workplace.uuid)[:LOG_SHOWN]
        )
        names = names_of(rows)
        return format_html_join(
            "",
            "<p>{}: {} {} ({}) {}</p>",
            (
                (
                    f"{row.at:%d.%m.%Y %H:%M}",
                    names.get(row.actor_key, _("portalen selv")),
                    row.get_what_display(),
                    row.get_role_display(),
                    row.reason,
                )
                for row in rows
            ),
        )

    # -- actions -----------------------------------------------------------

    def told(self, request: HttpRequest, outcome: Outcome, what: str, reason: str) -> None:
        """Called after each action, in its transaction; the layer above tells the person, and staff."""

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[Membership],
        what: str,
        done: Any,
        act: Callable[..., Outcome],
    ) -> None:
        """Do it to each that was chosen; say how many, and why not to the others."""
        number, refused = 0, {}
        for membership in queryset.select_related("user", "workplace").order_by("workplace_id", "pk"):
            try:
                with transaction.atomic():
                    outcome = act(membership=membership, by=request.user)
                    self.told(request, outcome, what, self._reason(request))
            except MembershipError as error:
                refused[f"{membership.user}: {' '.join(error.messages)}"] = True
                continue
            number += 1
            if outcome.workplace_left_alone:
                text = _("%s har ikke længere nogen kontaktperson.") % membership.workplace
                self.message_user(request, text, messages.WARNING)
        if number:
            self.message_user(request, f"{done}: {number}.", messages.SUCCESS)
        for text in refused:
            self.message_user(request, text, messages.ERROR)

    def _reason(self, request: HttpRequest) -> str:
        return request.POST.get("reason", "")[:1000].replace("\x00", "")

    @admin.action(description=gettext_lazy("Godkend"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Let those that wait hold."""
        reason = self._reason(request)
        self._each(
            request,
            queryset,
            What.APPROVED,
            _("Godkendt"),
            lambda **k: memberships.approve(reason=reason, **k),
        )

    @admin.action(description=gettext_lazy("Afvis (skriv en begrundelse)"), permissions=["change"])
    def decline(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Say no to those that wait."""
        reason = self._reason(request)
        self._each(
            request, queryset, What.DECLINED, _("Afvist"), lambda **k: memberships.decline(reason=reason, **k)
        )

    @admin.action(description=gettext_lazy("Fjern rollen (skriv en begrundelse)"), permissions=["change"])
    def remove(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """End those that hold."""
        reason = self._reason(request)
        self._each(
            request, queryset, What.REMOVED, _("Fjernet"), lambda **k: memberships.remove(reason=reason, **k)
        )

    @admin.action(description=gettext_lazy("Sæt på pause"), permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Pause those that hold."""
        note = self._reason(request)
        self._each(
            request,
            queryset,
            What.SUSPENDED,
            _("Sat på pause"),
            lambda **k: memberships.suspend(reason=Pause.STAFF, note=note, **k),
        )

    @admin.action(description=gettext_lazy("Sæt i kraft igen (skriv en begrundelse)"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Let those on pause hold again."""
        reason = self._reason(request)
        self._each(
            request,
            queryset,
            What.RESUMED,
            _("Sat i kraft igen"),
            lambda **k: memberships.resume(reason=reason, **k),
        )

    @admin.action(description=gettext_lazy("Gør betroet"), permissions=["change"])
    def trust(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Let contact persons publish small corrections at once."""
        reason = self._reason(request)
        self._each(
            request,
            queryset,
            What.TRUSTED,
            _("Betroet"),
            lambda **k: memberships.set_trusted(value=True, reason=reason, **k),
        )

    @admin.action(description=gettext_lazy("Fjern betroet"), permissions=["change"])
    def distrust(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Let their corrections wait for staff again."""
        reason = self._reason(request)
        self._each(
            request,
            queryset,
            What.NOT_TRUSTED,
            _("Ikke længere betroet"),
            lambda **k: memberships.set_trusted(value=False, reason=reason, **k),
        )


def names_of(rows: list[RoleChange]) -> dict[Any, str]:
    """Key → name and address of those the log tells of who still have an account, in one query."""
    keys = {key for row in rows for key in (row.actor_key, row.user_key) if key}
    return {
        user.key: f"{user.name} ({user.email})" if user.name else user.email
        for user in User.objects.filter(key__in=keys)
    }


@admin.register(RoleChange)
class RoleChangeAdmin(ReadOnly):
    """The log of roles."""

    list_display = [
        "at",
        "workplace_name",
        "role",
        "what",
        "before",
        "after",
        "reason",
        "user_key",
        "actor_key",
    ]
    list_filter: ClassVar = ["what", "role"]
    search_fields: ClassVar = ["workplace_name", "=user_key", "=actor_key"]
    date_hierarchy = "at"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
