"""A matter on paper, and that the centre's own records system has it: only then may the portal let go of it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.models import Decision, QueueItem
from editorial.models.queue import QueueQuerySet

FILED = "filed"
"""The log's word for a matter that got its journal number."""


def items_of(item: QueueItem) -> QueueQuerySet:
    """Everything that belongs to the matter, the oldest first: all that waited about the same content."""
    together = Q(content=item.content_id) if item.content_id else Q(pk=item.pk)
    return QueueItem.objects.filter(together).order_by("submitted_at", "id")


@transaction.atomic
def file_matter(*, item: QueueItem, journal: str, by: User) -> int:
    """Note the journal number on what is decided in the matter; logged. Returns how many rows got it.

    Raises ValidationError without a number, and when nothing of it is decided yet.
    """
    number = " ".join(journal.split())
    ProhibitNullCharactersValidator()(number)
    if not number or len(number) > 40:
        raise ValidationError(_("Skriv sagens nummer i journalsystemet, højst 40 tegn."))
    decided = items_of(item).filter(decided_at__isnull=False)
    if not decided.exists():
        raise ValidationError(_("Sagen er ikke behandlet endnu. Giv den et journalnummer, når den er det."))
    new = decided.exclude(journal=number, filed_at__isnull=False)
    count = QueueItem.objects.filter(pk__in=list(new.values_list("pk", flat=True))).update(
        journal=number, filed_at=Now()
    )
    if count:
        about = item.content.uuid if item.content else item.uuid
        Decision.objects.create(
            content_uuid=about, title=item.title[:120], actor_key=by.key, action=FILED, reason=number
        )
    return count
