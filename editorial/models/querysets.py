"""The vocabulary of content, and the error of a change of state that can't be made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from editorial.choices import READABLE, State

if TYPE_CHECKING:
    from editorial.models.content import Content


class TransitionError(ValidationError):
    """A change of state that is not allowed, or that another person made first. Its message is for the page."""


def words(things: Iterable[object]) -> str:
    """What `things` are called, each once, as one text for search."""
    return " · ".join(dict.fromkeys(str(thing) for thing in things if thing))


C = TypeVar("C", bound="Content")


class ContentQuerySet(models.QuerySet[C]):
    """The vocabulary of content; every page, feed, export and sitemap builds on it."""

    def published(self) -> Self:
        """What stands in the default lists."""
        return self.filter(state=State.PUBLISHED)

    def readable(self) -> Self:
        """What anyone may read: published, and archived (with a banner)."""
        return self.filter(state__in=READABLE)

    def of_kind(self, *kinds: str) -> Self:
        """Only these kinds."""
        return self.filter(kind__in=kinds)

    def with_card(self) -> Self:
        """With what a card in a list shows, in a fixed number of queries."""
        return self.select_related("owner", "municipality", "region").prefetch_related("owner__periods")
