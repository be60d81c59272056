"""Time and memory of a matching by size: `python -m practicum.matching.measuring 100 1000 10000`.

Each size runs in a process of its own, so that its memory is its own: the highest resident set of the whole process,
with Python and the made-up round in it. The time is the best of some runs, the first one of which warms up.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from practicum.matching.generated import made_up
from practicum.matching.solving import solve
from practicum.matching.stability import is_stable

SIZES = (100, 1_000, 10_000)
RUNS = 5
MB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One size: how much there was, how long the matching took, and the most memory that the process held."""

    guests: int
    places: int
    wishes: int
    matched: int
    stable: bool
    seconds: float
    peak_mb: float


def measure(guests: int) -> Measure:
    """Measure one size in this process. The check for stability comes after time and memory have been read."""
    problem = made_up(guests)
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        result = solve(problem)
        seconds.append(time.perf_counter() - start)
    peak = peak_bytes()
    return Measure(
        guests=len(problem.guests),
        places=len(problem.places),
        wishes=sum(len(guest.wishes) for guest in problem.guests),
        matched=len(result.matches),
        stable=is_stable(problem, result),
        seconds=min(seconds),
        peak_mb=peak / MB,
    )


def peak_bytes() -> int:
    """The most memory that this process has held. Linux lets `ru_maxrss` begin at what the parent held, however large,
    so there it is read from the process itself.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) * 1024


def measure_apart(guests: int) -> Measure:
    """Measure one size in a process of its own."""
    code = f"import json; from practicum.matching.measuring import *; print(as_json(measure({int(guests)})))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return Measure(**json.loads(done.stdout))


def as_json(measured: Measure) -> str:
    """One measure on one line."""
    return json.dumps(asdict(measured))


def main() -> None:
    """Print one line of JSON for each size named on the command line."""
    for size in [int(argument) for argument in sys.argv[1:]] or SIZES:
        print(as_json(measure_apart(size)), flush=True)


if __name__ == "__main__":
    main()
