"""What areas add to a workplace's page: for every reader, and for those who speak for the workplace.

An area appends its functions in AppConfig.ready; the page itself is mapping's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from editorial.handlers import Panel
from places.models import Workplace


@dataclass(frozen=True)
class ToDo:
    """Something that whoever speaks for a workplace can do to keep its pages up."""

    text: str
    url: str
    label: str


PANELS: list[Callable[[Workplace], Panel | None]] = []
"""Panels for every reader; None where there is nothing to show."""
TO_DO: list[Callable[[Workplace], list[ToDo]]] = []
"""What is missing, has grown stale, or waits for an answer; for contact persons and the editors only."""


def panels(workplace: Workplace) -> list[Panel]:
    """What the areas show everybody, in the order in which they were added."""
    return [panel for make in PANELS if (panel := make(workplace)) is not None]


def to_do(workplace: Workplace) -> list[ToDo]:
    """What the areas ask of those who speak for the workplace."""
    return [one for ask in TO_DO for one in ask(workplace)]
