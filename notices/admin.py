"""What has been told and what could not be sent, for administrators. Texts are between the portal and their reader."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.staff_admin import SturdyList
from notices import sending
from notices.models import Notice, Suppression, Why


class ReadOnly(SturdyList):
    """A list to look at; what may be done stands as actions."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The portal writes these."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody rewrites them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They go by themselves (notices.keeping)."""
        return False

    def has_repair_permission(self, request: HttpRequest) -> bool:
        """Who may run the actions."""
        return bool(request.user.is_superuser)


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    """Which notices went out."""

    list_display = [
        "created_at",
        "event",
        "to",
        "state",
        "frequency",
        "attempts",
        "sent_at",
        "last_error",
    ]
    list_filter: ClassVar = ["state", "event", "frequency"]
    list_select_related: ClassVar = ["recipient"]
    search_fields: ClassVar = ["recipient__email", "address"]
    ordering: ClassVar = ["-created_at", "-pk"]
    fields: ClassVar = [
        "created_at",
        "event",
        "to",
        "state",
        "frequency",
        "attempts",
        "sent_at",
        "last_error",
    ]
    actions = ["send_again"]

    @admin.display(description=gettext_lazy("modtager"))
    def to(self, row: Notice) -> str:
        """Whom it is for."""
        return row.recipient.email if row.recipient else row.address

    @admin.action(description=gettext_lazy("Send igen (kun dem, der fejlede)"), permissions=["repair"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        """Try those that failed anew."""
        with transaction.atomic():
            count = sum(sending.send_again(row) for row in queryset)
        if not count:
            messages.warning(request, _("Ingen af de valgte kan sendes igen."))
            return
        messages.success(
            request,
            ngettext("Én besked sendes igen.", "%(n)s beskeder sendes igen.", count) % {"n": count},
        )


@admin.register(Suppression)
class SuppressionAdmin(ReadOnly):
    """Addresses that refuse mail. Who has said no thanks is not listed: that is not for staff to undo."""

    list_display = ["address", "code", "at"]
    search_fields: ClassVar = ["address"]
    ordering: ClassVar = ["-at", "-pk"]
    fields: ClassVar = ["address", "code", "at"]
    actions = ["lift"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suppression]:
        """Those that refuse."""
        return super().get_queryset(request).filter(reason=Why.REFUSED)

    @admin.action(description=gettext_lazy("Send mails til adressen igen"), permissions=["repair"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Suppression]) -> None:
        """Let them have mail again."""
        count, _rows = queryset.delete()
        messages.success(
            request,
            ngettext("Én adresse kan få mail igen.", "%(n)s adresser kan få mail igen.", count)
            % {"n": count},
        )
