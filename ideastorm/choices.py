"""Values of storms and ideas. The keys stand in addresses, exports and the database and stay for ever."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StormPhase(models.TextChoices):
    """Where a storm is. Never stored: ideastorm.clock computes it from the database's clock."""

    ANNOUNCED = "kommer", _("Kommer")
    IDEAS = "ideer", _("Åben for ideer")
    SUPPORT = "stoette", _("Åben for støtte")
    ASSESSMENT = "vurdering", _("Ideerne vurderes")
    RESULTS = "resultater", _("Afsluttet")


OPEN_PHASES = (StormPhase.IDEAS, StormPhase.SUPPORT)
"""Phases in which the public does something."""
COUNTED_PHASES = (StormPhase.ASSESSMENT, StormPhase.RESULTS)
"""Phases in which everybody sees how many support an idea."""


class Access(models.TextChoices):
    """Who may take part. Everybody may read."""

    ANYONE = "alle", _("Alle, også uden konto")
    ACCOUNTS = "konto", _("Alle med en konto")
    EMPLOYEES = "ansatte", _("Offentligt ansatte")
    INVITED = "inviterede", _("Inviterede arbejdspladser, med et link")


WITHOUT_ACCOUNT = (Access.ANYONE, Access.INVITED)
"""Storms in which one may take part without an account."""


class Moderation(models.TextChoices):
    """When the editors read an idea."""

    BEFORE = "foer", _("Før ideen bliver vist")
    AFTER = "efter", _("Efter at ideen er vist")


class ShownAs(models.TextChoices):
    """What is shown of whoever wrote something."""

    NAME = "navn", _("Navn")
    WORKPLACE = "arbejdsplads", _("Arbejdsplads, uden navn")
    PRIVATE = "privat", _("Hverken navn eller arbejdsplads")


class AuthorsShown(models.TextChoices):
    """What a storm lets be shown of those who write."""

    CHOSEN = "valg", _("Den, der skriver, vælger selv")
    NAME = "navn", _("Altid navn")
    WORKPLACE = "arbejdsplads", _("Arbejdsplads, aldrig navn")
    PRIVATE = "privat", _("Hverken navn eller arbejdsplads")


class AnswerStatus(models.TextChoices):
    """What becomes of an idea."""

    TAKEN_FURTHER = "videre", _("Ja, det arbejder vi videre med")
    PARTLY = "delvist", _("Vi arbejder videre med en del af det")
    EXISTS = "findes", _("Det findes allerede")
    SENT_ON = "sendt-videre", _("Sendt videre")
    NOT_NOW = "ikke-nu", _("Ikke nu")
    OUTSIDE = "uden-for-emnet", _("Uden for emnet")


class ConflictKind(models.TextChoices):
    """Why an assessor does not assess an idea."""

    DECLARED = "selv", _("Har selv sagt, at det er svært at være upartisk")
    LEADER = "leder", _("Er leder for den, der skrev ideen")
