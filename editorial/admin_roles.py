"""Roles in admin, with those who are to be told: what staff do there is told and closes the queue, as on the pages."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import User
from editorial.memberships import told_by_staff
from places.admin_memberships import MembershipAdmin
from places.memberships import Outcome
from places.models import Membership


@admin.register(Membership)
class ToldMembershipAdmin(MembershipAdmin):
    """As places has it; this layer knows whom to tell."""

    def told(self, request: HttpRequest, outcome: Outcome, what: str, reason: str) -> None:
        """Close what waits in the queue, and tell the person and, where it is needed, staff."""
        assert isinstance(request.user, User)
        told_by_staff(outcome=outcome, what=what, by=request.user, reason=reason)
