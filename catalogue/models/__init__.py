"""The catalogue: entries of six types with their sections, good stories, reuse, questions, and collections."""

from catalogue.models.collection import Chapter, Collection, CollectionEntry
from catalogue.models.entry import Entry
from catalogue.models.exchange import ImportRun, RunState
from catalogue.models.inquiry import Inquiry
from catalogue.models.parts import HardQuestion, Measure, Step, TimelineStep
from catalogue.models.reuse import Reuse
from catalogue.models.story import Story, StoryThanks

__all__ = [
    "Chapter",
    "Collection",
    "CollectionEntry",
    "Entry",
    "HardQuestion",
    "ImportRun",
    "Inquiry",
    "Measure",
    "Reuse",
    "RunState",
    "Step",
    "Story",
    "StoryThanks",
    "TimelineStep",
]
