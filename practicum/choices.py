"""Values of Innovationspraktik. The keys stand in addresses, exports and the database and stay for ever."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundPhase(models.TextChoices):
    """Where in the year a round is. Never stored: practicum.clock computes it from the database's clock."""

    ANNOUNCED = "kommer", _("Kommer")
    OFFERS = "vaerter", _("Værter slår pladser op")
    APPLICATIONS = "ansoegning", _("Du søger")
    MATCHING = "match", _("Gæst og vært parres")
    AGREEMENTS = "aftaler", _("I skriver en aftale")
    STAYS = "ophold", _("Praktikugen")
    EVALUATION = "evaluering", _("Du deler, hvad du så")
    OVER = "slut", _("Afsluttet")


class SeatWay(models.TextChoices):
    """How a seat is filled."""

    DIRECT = "direkte", _("Aftales direkte")
    ROUND = "runde", _("Fordeles i runden")


class Certificate(models.TextChoices):
    """What a guest must have before meeting some of the people of a host."""

    CHILDREN = "boerneattest", _("Børneattest")
    CRIMINAL_RECORD = "straffeattest", _("Straffeattest")


class Answer(models.TextChoices):
    """What a leader answers. No answer is never a yes."""

    YES = "ja", _("Ja")
    NO = "nej", _("Nej")
    DELEGATED = "videre", _("Sendt videre til en anden leder")


class ApplicationState(models.TextChoices):
    """Where an application is."""

    DRAFT = "kladde", _("Kladde")
    LEADER = "leder", _("Venter på lederens ja")
    READY = "klar", _("Klar")
    PLACED = "placeret", _("Har en plads")
    WITHDRAWN = "trukket", _("Trukket tilbage")
    CLOSED = "lukket", _("Lukket uden plads")


OPEN_APPLICATIONS = (
    ApplicationState.DRAFT,
    ApplicationState.LEADER,
    ApplicationState.READY,
    ApplicationState.PLACED,
)
"""States of an application that counts: a person has one in a round."""
SENT_APPLICATIONS = (ApplicationState.READY, ApplicationState.PLACED)
"""States in which hosts and the matching see it: the leader has said yes."""


class RequestState(models.TextChoices):
    """Where a wish for a seat that is agreed on directly is."""

    SENT = "sendt", _("Sendt til værten")
    ASKED = "spurgt", _("Værten har spurgt om noget")
    WAITING = "venteliste", _("På venteliste")
    OFFERED = "tilbudt", _("Værten har sagt ja")
    CONFIRMED = "bekraeftet", _("Bekræftet")
    DECLINED = "afslaaet", _("Værten kunne ikke")
    WITHDRAWN = "trukket", _("Trukket tilbage")
    EXPIRED = "udloebet", _("Ikke bekræftet i tide")


OPEN_REQUESTS = (RequestState.SENT, RequestState.ASKED, RequestState.WAITING, RequestState.OFFERED)
"""States in which somebody still has to do something."""


class Origin(models.TextChoices):
    """How guest and host found each other."""

    DIRECT = "direkte", _("Aftalt direkte")
    MATCH = "match", _("Parret i runden")
    MANUAL = "manuelt", _("Parret i runden af centret")


class StayState(models.TextChoices):
    """Where a stay is. From OFFERED to DONE it takes up its seat."""

    OFFERED = "tilbudt", _("Venter på et ja")
    AGREED = "aftalt", _("Aftalt")
    DONE = "holdt", _("Gennemført")
    CANCELLED = "aflyst", _("Aflyst")
    DECLINED = "afslaaet", _("Sagt nej til")
    EXPIRED = "udloebet", _("Ikke bekræftet i tide")


SEATED = (StayState.OFFERED, StayState.AGREED, StayState.DONE)
"""States in which a stay takes up its seat."""


class Side(models.TextChoices):
    """Who of the two does something about a stay."""

    GUEST = "gaest", _("Gæst")
    HOST = "vaert", _("Vært")


class Reminder(models.TextChoices):
    """What the two of a stay are reminded of, each once."""

    ANSWER = "svar", _("Svar, før pladsen går videre")
    AGREEMENT = "aftale", _("Aftalen mangler")
    WEEK = "uge", _("Om en uge")
    DAY = "dag", _("I morgen")


class RunState(models.TextChoices):
    """Where a run of the matching is."""

    WAITING = "venter", _("Venter")
    RUNNING = "koerer", _("Bliver regnet ud")
    READY = "klar", _("Klar til at blive set igennem")
    SENT = "sendt", _("Sendt")
    REPLACED = "afloest", _("Sendt, og siden afløst af en ny")
    FAILED = "fejlet", _("Kunne ikke regnes ud")


UNFINISHED = (RunState.WAITING, RunState.RUNNING)
"""States of a run that somebody waits for: a round has one at a time."""


class PinKind(models.TextChoices):
    """What the editors have decided about a guest and a place."""

    FIXED = "fast", _("Skal sættes sammen")
    FORBIDDEN = "forbudt", _("Må ikke sættes sammen")
