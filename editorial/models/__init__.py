"""The life of contributed content: the content table, what hangs on it, changes and decisions."""

from editorial.models.change import Change
from editorial.models.content import Content, ContentSubjectArea
from editorial.models.log import Decision
from editorial.models.parts import Contact, Link, Picture
from editorial.models.relations import ContentSlug, Participation
from editorial.models.subjects import SubjectArea, Tag, TaggedContent, TagSynonym

__all__ = [
    "Change",
    "Contact",
    "Content",
    "ContentSlug",
    "ContentSubjectArea",
    "Decision",
    "Link",
    "Participation",
    "Picture",
    "SubjectArea",
    "Tag",
    "TagSynonym",
    "TaggedContent",
]
