"""The list of reasons in admin. What waits is decided at /admin/moderation/ (editorial.moderation), not here."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from accounts.staff_admin import StaffAdmin
from editorial.models import StandardReason


@admin.register(StandardReason)
class StandardReasonAdmin(StaffAdmin):
    """Reasons that editors choose from; they add words of their own."""

    list_display = ["title", "outcome", "is_active", "position"]
    list_editable: ClassVar = ["is_active", "position"]
    list_filter: ClassVar = ["outcome", "is_active"]
    search_fields: ClassVar = ["title", "text"]
    fieldsets: ClassVar = [(None, {"fields": ["title", "text", "outcome", "kinds", "is_active", "position"]})]
