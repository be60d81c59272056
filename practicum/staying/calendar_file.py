"""A stay as a calendar file (RFC 5545): whole days, one UID for ever, a SEQUENCE that the database counts.

Whole days have no time zone, so they lie on the same dates wherever the calendar is read: hours are agreed on in the
agreement, which stands in the description's link.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from practicum.choices import Side, StayState
from practicum.models import Stay
from practicum.permissions import ACCEPTED

CANCELLED = (StayState.CANCELLED, StayState.DECLINED, StayState.EXPIRED)


def calendar_file(stay: Stay, *, side: Side | None, address: str, stamp: dt.datetime) -> bytes:
    """The file for one of the two. `address` is the stay's page, `stamp` the moment it is made."""
    off = stay.state in CANCELLED
    host = stay.offer.owner.name if stay.offer.owner else stay.offer.title
    event = Event()
    event.add("uid", f"{stay.uuid}@innovationspraktik")
    event.add("dtstamp", stamp)
    event.add("sequence", stay.sequence)
    event.add("dtstart", stay.starts_on)
    event.add("dtend", stay.ends_on + dt.timedelta(days=1))
    event.add("transp", "OPAQUE")
    if side == Side.HOST:
        event.add("summary", _("Gæst fra %s: Innovationspraktik") % stay.guest_workplace.name)
    else:
        event.add("summary", _("Innovationspraktik hos %s") % host)
    event.add("description", "\n".join([stay.offer.title, address]))
    event.add("url", address)
    if stay.offer.meeting_place:
        event.add("location", stay.offer.meeting_place)
    status = "CANCELLED" if off else "CONFIRMED" if stay.state in ACCEPTED else "TENTATIVE"
    event.add("status", status)
    calendar = Calendar()
    calendar.add("prodid", "-//Center for Offentlig Innovation//Innovationspraktik//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if off else "PUBLISH")
    calendar.add("x-wr-timezone", "Europe/Copenhagen")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
