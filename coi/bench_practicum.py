"""What is measured of Innovationspraktik: time and memory of the matching by size, each in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

from practicum.matching.measuring import SIZES, measure_apart


def matching_lines(sizes: tuple[int, ...] = SIZES) -> Iterator[str]:
    """A line for each size, with how much more it took than the one before."""
    before = None
    for size in sizes:
        found = measure_apart(size)
        more = ""
        if before is not None:
            times = found.seconds / before.seconds
            more = f", {times:.0f} gange den forrige ved {found.guests / before.guests:.0f} gange så mange"
        stable = "stabil" if found.stable else "IKKE STABIL"
        yield (
            f"Parring, {found.guests} gæster og {found.places} pladser: {found.seconds * 1000:.1f} ms, "
            f"{found.peak_mb:.0f} MB, {stable}{more}.\n"
        )
        before = found
