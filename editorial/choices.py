"""Values of content that every area shares. The keys are the portal's public parameter values."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a content row is. A new area adds its kinds here and its own one-to-one table."""

    EXAMPLE = "eksempel", _("Eksempel")
    INITIATIVE = "initiativ", _("Initiativ")
    KNOWLEDGE_CENTRE = "videnscenter", _("Videnscenter")
    RESEARCH = "forskning", _("Forskning")
    LITERATURE = "litteratur", _("Litteratur")
    TOOL = "vaerktoej", _("Værktøj")
    STORY = "historie", _("God historie")
    PROJECT = "projekt", _("Projekt")
    UNIT = "enhed", _("Innovationsenhed")
    STORM = "idestorm", _("Idéstorm")
    IDEA = "ide", _("Idé")
    OFFER = "praktikplads", _("Praktikplads")


class State(models.TextChoices):
    """Where contributed content is. Waiting for review is a row in the queue, not a state."""

    DRAFT = "draft", _("Kladde")
    SUBMITTED = "submitted", _("Sendt ind")
    RETURNED = "returned", _("Sendt tilbage med spørgsmål")
    PUBLISHED = "published", _("Offentliggjort")
    REJECTED = "rejected", _("Ikke taget med")
    WITHDRAWN = "withdrawn", _("Trukket tilbage")
    SUSPENDED = "suspended", _("Taget ned")
    ARCHIVED = "archived", _("Arkiveret")


READABLE = (State.PUBLISHED, State.ARCHIVED)
"""States in which anyone may read the page."""


OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED)
"""States before the first answer: the sender may still correct or withdraw."""


class QueueKind(models.TextChoices):
    """What waits in the queue."""

    CONTENT = "content", _("Bidrag")
    CHANGE = "change", _("Ændring")
    WITHDRAWAL = "withdrawal", _("Ønske om at få fjernet")
    REPORT = "report", _("Henvendelse fra en læser")
    MEMBERSHIP = "membership", _("Rolle på en arbejdsplads")
    REUSE = "reuse", _("Genbrug")
    THANKS = "thanks", _("Tak fra en arbejdsplads")
    QUESTION = "question", _("Spørgsmål uden svar")
    WORKPLACE = "workplace", _("Arbejdsplads til kortet")
    IDEA = "idea", _("Idé, der er vist")
    COMMENT = "comment", _("Anmeldt kommentar")
    ADDITION = "addition", _("Tilføjelse til en idé")


class Outcome(models.TextChoices):
    """What came of something that waited."""

    APPROVED = "approved", _("Godkendt")
    RETURNED = "returned", _("Sendt tilbage med spørgsmål")
    REJECTED = "rejected", _("Ikke taget med")
    WITHDRAWN = "withdrawn", _("Trukket tilbage")
    LAPSED = "lapsed", _("Bortfaldet")
    """Nobody answered: what it was about is gone."""


ANSWERS = (Outcome.APPROVED, Outcome.RETURNED, Outcome.REJECTED)
"""What the editors decide themselves. What is taken back or lapses is over, but was not answered."""


class Phase(models.TextChoices):
    """How far an example or project has come (after OPSI's innovation life cycle)."""

    PROBLEM = "problem", _("Problemet undersøges")
    IDEA = "ide", _("Idé")
    PROPOSAL = "forslag", _("Forslag")
    IMPLEMENTATION = "gennemfoerelse", _("Gennemføres")
    EVALUATION = "evaluering", _("Evalueres")
    OPERATION = "drift", _("I drift")
    DIFFUSION = "spredning", _("I drift og under spredning")
    PAUSED = "pause", _("Sat på pause")
    ENDED = "afsluttet", _("Afsluttet")


CARRIED_OUT = (
    Phase.IMPLEMENTATION,
    Phase.EVALUATION,
    Phase.OPERATION,
    Phase.DIFFUSION,
    Phase.PAUSED,
    Phase.ENDED,
)
"""An example has been carried out, so it is in one of these."""


class Value(models.TextChoices):
    """The kinds of value an innovation can create (CO-PI)."""

    QUALITY = "kvalitet", _("Kvalitet")
    EFFICIENCY = "effektivitet", _("Effektivitet")
    INVOLVEMENT = "borgerinddragelse", _("Borgerinddragelse")
    SATISFACTION = "medarbejdertilfredshed", _("Medarbejdertilfredshed")
    POLITICAL_GOALS = "politiske-maal", _("Politiske mål")


class InnovationType(models.TextChoices):
    """What is new about it (Innovationsbarometeret)."""

    PRODUCT = "produkt", _("Produkt")
    SERVICE = "service", _("Service")
    PROCESS = "proces-organisation", _("Proces eller organisation")
    COMMUNICATION = "kommunikation", _("Kommunikation")
