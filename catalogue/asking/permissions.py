"""Who may read and answer a question."""

from __future__ import annotations

from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from catalogue.models import Entry, Inquiry
from catalogue.models.inquiry import InquiryState
from editorial.moderation import can_moderate
from places.permissions import speaks_for

Anyone: TypeAlias = User | AnonymousUser


def can_ask(user: Anyone, entry: Entry) -> bool:
    """Anyone with an account but those who would be asked."""
    return user.is_authenticated and not (entry.owner and speaks_for(user, entry.owner))


def is_recipient(user: Anyone, inquiry: Inquiry) -> bool:
    """Whoever has the question, as long as they speak for the workplace."""
    owner = inquiry.entry.owner
    return inquiry.recipient_id == user.pk and owner is not None and speaks_for(user, owner)


def is_with_editors(inquiry: Inquiry) -> bool:
    """Whether it fell to the editors, or waits for them to show it."""
    return inquiry.item_id is not None


def can_answer(user: Anyone, inquiry: Inquiry) -> bool:
    """The recipient; the editors when nobody at the workplace answered. Nobody answers their own question."""
    if inquiry.state != InquiryState.OPEN or inquiry.asker_id == user.pk:
        return False
    return is_recipient(user, inquiry) or (is_with_editors(inquiry) and can_moderate(user))


def can_read(user: Anyone, inquiry: Inquiry) -> bool:
    """Both sides, and the editors when it is with them."""
    if user.pk in (inquiry.asker_id, inquiry.answerer_id):
        return True
    return is_recipient(user, inquiry) or (is_with_editors(inquiry) and can_moderate(user))
