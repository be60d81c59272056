"""Storms: a question that is open for a while, ideas from anyone, and an answer to each."""

from ideastorm.models.answer import IdeaAnswer, IdeaNews
from ideastorm.models.assessment import Assignment, Conflict, Score
from ideastorm.models.comment import Comment
from ideastorm.models.follow import Follow
from ideastorm.models.idea import Idea, IdeaAddition, IdeaQuerySet, IdeaVersion
from ideastorm.models.merging import IdeaMerge
from ideastorm.models.storm import Criterion, Invitation, Storm, StormQuerySet
from ideastorm.models.support import Support, SupportAddress, address_hash

__all__ = [
    "Assignment", "Comment", "Conflict", "Criterion", "Follow", "Idea", "IdeaAddition", "IdeaAnswer", "IdeaMerge",
    "IdeaNews", "IdeaQuerySet", "IdeaVersion", "Invitation", "Score", "Storm", "StormQuerySet", "Support",
    "SupportAddress", "address_hash",
]  # fmt: skip
