"""How often one may try what lets people in or sends mail: guards' limits, in one place."""

from __future__ import annotations

from guards.ratelimits import give_back, limit

__all__ = ["give_back", "limit"]
