"""The catalogue: entries of six types with their sections, reuse between workplaces, and collections."""

from catalogue.models.collection import Chapter, Collection, CollectionEntry
from catalogue.models.entry import Entry
from catalogue.models.exchange import ImportRun, RunState
from catalogue.models.parts import HardQuestion, Measure, Step, TimelineStep
from catalogue.models.reuse import Reuse

__all__ = [
    "Chapter",
    "Collection",
    "CollectionEntry",
    "Entry",
    "HardQuestion",
    "ImportRun",
    "Measure",
    "Reuse",
    "RunState",
    "Step",
    "TimelineStep",
]
