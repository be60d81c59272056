"""Values that only catalogue entries have."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from editorial.choices import Kind

KINDS = (
    Kind.EXAMPLE,
    Kind.INITIATIVE,
    Kind.KNOWLEDGE_CENTRE,
    Kind.RESEARCH,
    Kind.LITERATURE,
    Kind.TOOL,
)
"""The kinds of content that are catalogue entries."""


class Novelty(models.TextChoices):
    """Nyhedsgrad: how new it was to the world when the workplace did it (Innovationsbarometeret)."""

    FIRST = "foerst", _("Blandt de første")
    ADAPTED = "tilpasset", _("Tilpasset efter andre")
    COPIED = "kopieret", _("Kopieret fra andre")
    UNKNOWN = "ved-ikke", _("Ved ikke")


class ReuseKind(models.TextChoices):
    """How a workplace used another's solution; the three ways of spreading in the centre's plan."""

    COPIED = "kopieret", _("Kopieret")
    ADAPTED = "tilpasset", _("Tilpasset")
    INSPIRED = "inspireret", _("Inspireret til noget nyt")


class ReusePhase(models.TextChoices):
    """How far the reuse has come. It counts as spread only once it is in use."""

    CONSIDERING = "overvejer", _("Overvejer")
    TRYING = "afproever", _("Afprøver")
    IN_USE = "i-drift", _("I drift")
    STOPPED = "stoppet", _("Stoppet")


class Evidence(models.TextChoices):
    """How the workplace knows what came of it."""

    MEASURED = "maalt", _("Vi har tal fra før og efter")
    ASKED = "spurgt", _("Vi har spurgt dem, det gælder")
    IMPRESSION = "indtryk", _("Det er vores indtryk")
    UNKNOWN = "ved-ikke", _("Det ved vi ikke endnu")


class Better(models.TextChoices):
    """Which way a measure should go."""

    LOWER = "lower", _("lavere er bedre")
    HIGHER = "higher", _("højere er bedre")
    NEITHER = "", _("hverken-eller")
