"""The life of contributed content: the content table, what hangs on it, changes, the queue, decisions and receipts."""

from editorial.models.change import Change
from editorial.models.content import Content, ContentSubjectArea
from editorial.models.log import Decision
from editorial.models.parts import Contact, Link, Picture
from editorial.models.proposal import ProposalDraft
from editorial.models.queue import Letter, QueueItem, StandardReason
from editorial.models.reading import Reading, Sought
from editorial.models.receipts import Consent, Receipt, SenderContact
from editorial.models.relations import ContentSlug, Participation
from editorial.models.reports import Report
from editorial.models.subjects import SubjectArea, Tag, TaggedContent, TagSynonym

__all__ = [
    "Change",
    "Consent",
    "Contact",
    "Content",
    "ContentSlug",
    "ContentSubjectArea",
    "Decision",
    "Letter",
    "Link",
    "Participation",
    "Picture",
    "ProposalDraft",
    "QueueItem",
    "Reading",
    "Receipt",
    "Report",
    "SenderContact",
    "Sought",
    "StandardReason",
    "SubjectArea",
    "Tag",
    "TagSynonym",
    "TaggedContent",
]
