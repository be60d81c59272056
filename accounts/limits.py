"""How often one may try what lets people in or sends mail: the names of guards' limits, in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

try:
    from guards.ratelimits import limit, limited  # type: ignore[import-not-found, unused-ignore]
except ImportError:

    def limit(request: Any, name: str, *, target: str = "") -> None:
        """Nothing is counted yet."""

    def limited(name: str) -> Callable[[Any], Any]:
        """Nothing is counted yet."""
        return lambda view: view


__all__ = ["limit", "limited"]
