"""Gale and Shapley's deferred acceptance for hospitals and residents, the guests proposing.

Bare of everything else: who wishes what, how they stand there, and how many seats there are. See docs/matching.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from heapq import heappush, heapreplace

from practicum.matching.preferences import Standing

Proposal = tuple[str, Standing]
"""A place, and how the guest stands there."""


def deferred_acceptance(
    wishes: Mapping[str, Sequence[Proposal]],
    seats: Mapping[str, int],
    *,
    on_proposal: Callable[[], None] | None = None,
) -> dict[str, str]:
    """The place of each guest who gets one: of all stable matchings the one that is best for every guest.

    `wishes` are each guest's acceptable places, the dearest first; a standing's `key` is the guest's. A place keeps the
    best of those who have asked so far and turns the others away, who ask at their next wish. With no two standings
    alike there is exactly one answer, so the order in which guests ask cannot matter. Each wish is asked for at most
    once and costs one step in a heap: O(wishes · log seats).
    """
    held: dict[str, list[Standing]] = {}
    asked = dict.fromkeys(wishes, 0)
    waiting = list(wishes)
    while waiting:
        guest = waiting.pop()
        while asked[guest] < len(wishes[guest]):
            place, standing = wishes[guest][asked[guest]]
            asked[guest] += 1
            if on_proposal is not None:
                on_proposal()
            holds = held.setdefault(place, [])
            if len(holds) < seats.get(place, 0):
                heappush(holds, standing)
                break
            if holds and holds[0] < standing:
                waiting.append(heapreplace(holds, standing).key)
                break
    return {standing.key: place for place, holds in held.items() for standing in holds}
