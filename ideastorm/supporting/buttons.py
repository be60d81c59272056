"""Which button a visitor gets at an idea, one for the page and many for a list."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.http import HttpRequest

from ideastorm.choices import Access
from ideastorm.models import Idea, Storm
from ideastorm.permissions import Visitor, can_support
from ideastorm.supporting import addresses
from ideastorm.supporting.actions import is_open_for_support, supports_of


class Button(StrEnum):
    """What stands at an idea; the template is ideastorm/supporting/button.html."""

    NONE = ""
    GIVE = "give"
    """One click supports."""
    ASK = "ask"
    """Leads to the page that asks for an address, or to the log-in."""
    GIVEN = "given"
    """It is supported, and one click takes it back."""
    STANDS = "stands"
    """It is supported, and support has closed."""


def buttons(
    request: HttpRequest, ideas: Iterable[Idea], *, storm: Storm, visitor: Visitor
) -> dict[int, Button]:
    """Idea → its button. One query for who is known here, none for others; an idea without any is left out."""
    ideas = list(ideas)
    user = visitor.account
    address = None if user else addresses.current(request, storm)
    mine: set[int] = set()
    if user or address:
        rows = supports_of(user, address).filter(idea__storm=storm)
        for own, root in rows.values_list("idea_id", "idea__merged_into_id"):
            mine |= {own, root or own}
    is_open = is_open_for_support(storm)
    found = {}
    for idea in ideas:
        if idea.pk in mine:
            found[idea.pk] = Button.GIVEN if is_open else Button.STANDS
        elif is_open and (button := _new(visitor, idea, storm, known=bool(user or address))):
            found[idea.pk] = button
    return found


def _new(visitor: Visitor, idea: Idea, storm: Storm, *, known: bool) -> Button:
    idea.storm = storm
    if can_support(visitor, idea):
        return Button.GIVE if known else Button.ASK
    needs_account = storm.access in (Access.ACCOUNTS, Access.EMPLOYEES)
    is_public = idea.is_public and idea.merged_into_id is None and storm.is_public
    return Button.ASK if visitor.account is None and needs_account and is_public else Button.NONE
