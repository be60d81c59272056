"""What may be found, mirrored in each process' memory, and in step with PostgreSQL at every request.

PostgreSQL decides: a document's row says what may be found, and a trigger writes the id of the transaction that
changed it into `changed`. A mirror knows the snapshot it was read at. Before each use one query asks which rows have
been changed by transactions that this snapshot did not see; these are read, and no others. So a page shows what is
true when it asks, also when many processes and threads write at once, and nothing has to be told to anybody.

A transaction that has written something itself gets a mirror of its own: what it sees may be rolled back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from search.columns import NEVER, SEVERAL, SINGLE, Ints, Mask, Several, Single
from search.postings import Block, Postings
from search.vocabulary import Vocabulary

BEGINNING = "1:1:"
"""A snapshot in which no transaction of ours is visible."""
CHUNK = 4000
"""Rows read at a time; bounds the memory of reading, and the rows that are sorted at once."""
TOO_MANY_DEAD = 2000
"""Slots of rows that have changed or gone, beyond a third of all, before the arrays are written anew."""

CHANGES = "search_changes(%s::pg_snapshot)"
"""The function that says what a snapshot did not see; see `Changes` for its columns."""
Changes = tuple[str, bool, list[int], list[int]]
"""The snapshot now, whether this transaction has written, the rows that have changed, and those that have gone."""
_ROWS = f"""
SELECT id, coalesce(content_id, 0), {", ".join(SINGLE)}, {", ".join(SEVERAL)}, reuse_count,
    (extract(epoch FROM published_at) * 1000000)::bigint, sort_key, words, weights,
    coalesce(workplace_id, 0), coalesce(same_content, 0), coalesce(same_workplace, 0),
    coalesce(lat, 'NaN'), coalesce(lng, 'NaN')
FROM search_document WHERE id = ANY(%s) AND visible ORDER BY id
"""  # noqa: S608 - our own column names


@dataclass(frozen=True)
class Mirror:
    """What may be found, as of one snapshot. Never changed: `plus` makes another.

    Arrays have a slot for each row; `live` is false where the row has changed since, or is gone.
    """

    snapshot: str = BEGINNING
    ids: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    content: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    workplace: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    same_content: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    same_workplace: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    lat: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    lng: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    live: Mask = field(default_factory=lambda: np.zeros(0, np.bool_))
    published: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    reused: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    sort_keys: list[str] = field(default_factory=list)
    single: dict[str, Single] = field(default_factory=lambda: {name: Single.empty() for name in SINGLE})
    several: dict[str, Several] = field(default_factory=lambda: {name: Several.empty() for name in SEVERAL})
    postings: Postings = field(default_factory=Postings)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    @property
    def size(self) -> int:
        """The number of slots."""
        return len(self.ids)

    # -- orders ---------------------------------------------------------------

    @cached_property
    def by_newest(self) -> Ints:
        """All slots, the newest first."""
        return np.lexsort((-self.ids, -self.published)) if self.size else self.ids

    @cached_property
    def place_by_newest(self) -> Ints:
        """For each slot, its place among the newest."""
        places = np.empty(self.size, np.int64)
        places[self.by_newest] = np.arange(self.size)
        return places

    @cached_property
    def by_title(self) -> Ints:
        """All slots in Danish alphabetical order."""
        keys, ids = self.sort_keys, self.ids.tolist()
        return np.array(sorted(range(self.size), key=lambda n: (keys[n], ids[n])), np.int64)

    @cached_property
    def by_reuse(self) -> Ints:
        """All slots, the most reused first, then the newest."""
        return np.lexsort((self.place_by_newest, -self.reused)) if self.size else self.ids

    def best(self, slots: Ints, scores: NDArray[Any], stop: int | None) -> Ints:
        """The first `stop` of these slots (all: None), the highest score first, then the newest."""
        if stop is not None and len(slots) > 4 * stop:
            # Sort only what can be among the first.
            least = np.partition(scores, len(scores) - stop)[len(scores) - stop]
            slots, scores = slots[scores >= least], scores[scores >= least]
        ordered: Ints = slots[np.lexsort((self.place_by_newest[slots], -scores))][:stop]
        return ordered

    @cached_property
    def kept(self) -> dict[Any, Any]:
        """What has been worked out of this mirror and may be asked for again; goes with it."""
        return {}

    # -- change ---------------------------------------------------------------

    def without(self, ids: Iterable[int]) -> Mirror:
        """Without these rows."""
        live = self.live & ~np.isin(self.ids, np.fromiter(ids, np.int64))
        return replace(self, live=live)

    def plus(self, rows: Sequence[tuple[Any, ...]]) -> Mirror:
        """With these rows at the end, as _ROWS reads them. They must not be live here already."""
        if not rows:
            return self
        columns = list(zip(*rows, strict=True))
        ids, content = columns[0], columns[1]
        single = dict(zip(SINGLE, columns[2:], strict=False))
        several = dict(zip(SEVERAL, columns[2 + len(SINGLE) :], strict=False))
        reused, published, sort_keys, words, weights, *keys_and_point = columns[
            2 + len(SINGLE) + len(SEVERAL) :
        ]
        workplace, same_content, same_workplace, lat, lng = keys_and_point
        lists = [text.split() for text in words]
        codes = self.vocabulary.codes([word for several_words in lists for word in several_words])
        slots = np.repeat(
            np.arange(self.size, self.size + len(rows), dtype=np.int32), [len(several) for several in lists]
        )
        block = Block.of(
            np.array(codes, np.int32),
            slots,
            np.array([w for several_weights in weights for w in several_weights], np.uint16),
            len(rows),
        )
        return replace(
            self,
            ids=np.concatenate([self.ids, np.array(ids, np.int64)]),
            content=np.concatenate([self.content, np.array(content, np.int64)]),
            workplace=np.concatenate([self.workplace, np.array(workplace, np.int64)]),
            same_content=np.concatenate([self.same_content, np.array(same_content, np.int64)]),
            same_workplace=np.concatenate([self.same_workplace, np.array(same_workplace, np.int64)]),
            lat=np.concatenate([self.lat, np.array(lat, np.float64)]),
            lng=np.concatenate([self.lng, np.array(lng, np.float64)]),
            live=np.concatenate([self.live, np.ones(len(rows), np.bool_)]),
            published=np.concatenate(
                [self.published, np.array([NEVER + 1 if p is None else p for p in published], np.int64)]
            ),
            reused=np.concatenate([self.reused, np.array(reused, np.int32)]),
            sort_keys=[*self.sort_keys, *sort_keys],
            single={name: self.single[name].plus(v) for name, v in single.items()},
            several={name: self.several[name].plus(v, first=self.size) for name, v in several.items()},
            postings=self.postings.plus(block),
        )

    def compact(self) -> Mirror:
        """The same without dead slots, if there are so many that they cost something."""
        dead = self.size - int(np.count_nonzero(self.live))
        if dead <= TOO_MANY_DEAD + self.size // 3:
            return self
        keep = self.live
        return replace(
            self,
            ids=self.ids[keep],
            content=self.content[keep],
            workplace=self.workplace[keep],
            same_content=self.same_content[keep],
            same_workplace=self.same_workplace[keep],
            lat=self.lat[keep],
            lng=self.lng[keep],
            live=np.ones(self.size - dead, np.bool_),
            published=self.published[keep],
            reused=self.reused[keep],
            sort_keys=[self.sort_keys[n] for n in np.flatnonzero(keep).tolist()],
            single={name: column.kept(keep) for name, column in self.single.items()},
            several={name: column.kept(keep) for name, column in self.several.items()},
            postings=self.postings.kept(keep),
        )

    def own(self) -> Mirror:
        """One whose growing nobody else notices."""
        return replace(
            self,
            single={name: replace(c, codes=c.codes.copy()) for name, c in self.single.items()},
            several={name: replace(c, codes=c.codes.copy()) for name, c in self.several.items()},
            vocabulary=self.vocabulary.copy(),
        )


_shared = Mirror()
_growing = threading.Lock()


def changes(snapshot: str) -> Changes:
    """What has happened that this snapshot did not see. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {CHANGES}", [snapshot])  # noqa: S608 - our own function
        found: Changes = cursor.fetchone()
    return found


def current(tell: Callable[[], None] = lambda: None, *, ask: Callable[[str], Changes] = changes) -> Mirror:
    """The mirror of what the database holds now, as this connection sees it. One query when nothing has changed.

    `tell` is called now and then while many rows are read. `ask` is `changes`, or asks more in the same query.
    """
    mirror = _shared
    snapshot, writes, changed, removed = ask(mirror.snapshot)
    if not changed and not removed:
        return mirror
    if writes:
        with _growing:  # nobody adds a word while it is copied
            mirror = mirror.own()
        return _followed(mirror, snapshot, changed, removed, tell)
    with _growing:  # one at a time: the second finds that the first has done it
        mirror = _shared
        snapshot, _writes, changed, removed = ask(mirror.snapshot)
        if changed or removed:
            mirror = _followed(mirror, snapshot, changed, removed, tell).compact()
            _share(mirror)
    return mirror


def forget() -> None:
    """Begin from nothing at the next use. Needed only where rows went without a trigger seeing it (TRUNCATE)."""
    _share(Mirror())


def _share(mirror: Mirror) -> None:
    global _shared
    _shared = mirror


def _followed(
    mirror: Mirror, snapshot: str, changed: list[int], removed: list[int], tell: Callable[[], None]
) -> Mirror:
    """`mirror` with these rows as they are now. Rows read later than `snapshot` are simply read again next time."""
    if mirror.size:
        mirror = mirror.without([*changed, *removed])
    for rows in _read(changed):
        mirror = mirror.plus(rows)
        tell()
    return replace(mirror, snapshot=snapshot)


def _read(ids: list[int]) -> Iterator[list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        for start in range(0, len(ids), CHUNK):
            cursor.execute(_ROWS, [ids[start : start + CHUNK]])
            yield cursor.fetchall()


def warm(tell: Callable[[], None] = lambda: None) -> float:
    """Read everything before the first visitor comes; `tell` as in `current`. Returns the seconds it took."""
    start = time.monotonic()
    current(tell)
    return time.monotonic() - start
