"""Choosing how often one wants mail; what already waits follows the new choice."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from notices.events import ABOUT, CHOSEN, Event, Frequency
from notices.models import Mailing, Notice, Preference, Suppression, Why
from notices.tokens import Unsubscription


def offered_to(user: User) -> list[Event]:
    """The kinds a person may choose about."""
    return [event for event in CHOSEN if user.is_staff or not ABOUT[event].staff_only]


@transaction.atomic
def choose(*, user: User, frequencies: Mapping[Event, Frequency]) -> None:
    """Set how often a person wants mail of these kinds. What waits for a digest moves along, or gets no mail."""
    Preference.objects.bulk_create(
        [Preference(user=user, event=event, frequency=value) for event, value in frequencies.items()],
        update_conflicts=True,
        unique_fields=["user", "event"],
        update_fields=["frequency"],
    )
    for event, value in frequencies.items():
        waiting = Notice.objects.filter(recipient=user, event=event, state=Mailing.WAITING)
        if value == Frequency.NEVER:
            waiting.update(state=Mailing.OFF)
        elif value != Frequency.AT_ONCE:
            # What was to go at once is on its way; what waits for a digest comes with the one that was chosen.
            waiting.exclude(frequency=Frequency.AT_ONCE).update(frequency=value)


def switch_all_off(*, user: User) -> None:
    """No mail but about the account's security."""
    choose(user=user, frequencies=dict.fromkeys(CHOSEN, Frequency.NEVER))


@transaction.atomic
def unsubscribe(said: Unsubscription) -> bool:
    """Do what a link in a mail says; False if the account it was for is gone. Safe to repeat."""
    if said.user_key is None:
        Suppression.objects.get_or_create(address_hash=said.hashed, reason=Why.UNSUBSCRIBED)
        return True
    user = User.objects.filter(key=said.user_key).first()
    if user is None:
        return False
    if isinstance(said.what, Event):
        events = [said.what]
    else:
        events = [event for event, value in Preference.objects.all_of(user).items() if value == said.what]
    choose(user=user, frequencies=dict.fromkeys(events, Frequency.NEVER))
    return True
