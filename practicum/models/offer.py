"""A place that a workplace offers, and its seats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from editorial.choices import Kind
from editorial.clock import CoiToday
from editorial.fields import ChoiceArrayField, one_of, only_known, section
from editorial.history import track_type
from editorial.models import Content
from editorial.models.querysets import ContentQuerySet, TransitionError
from editorial.rules import refuse
from editorial.text import plain
from practicum.choices import SEATED, Certificate, SeatWay
from practicum.models.round import Round

if TYPE_CHECKING:
    import datetime as dt

    from accounts.models import User

MOST_DAYS, MOST_SEATS = 10, 20


class OfferQuerySet(ContentQuerySet["Offer"]):
    """Practicum places as their pages use them."""

    def with_seats(self) -> Self:
        """With `seats_free` and `seats_taken`: how many of its seats somebody has, or is being held for."""
        from practicum.models.stay import Stay

        taken = Exists(Stay.objects.filter(seat=OuterRef("seats__pk"), state__in=SEATED))
        return self.annotate(
            seats_taken=Count("seats", filter=Q(taken), distinct=True),
            seats_free=Count("seats", filter=~Q(taken), distinct=True),
        )

    def with_a_free_seat(self) -> Self:
        """Those in which somebody could still get a seat."""
        return self.filter(Exists(Seat.objects.free().filter(offer=OuterRef("pk"))))

    def not_over(self) -> Self:
        """Those with days to come: their own, else the round's; what can lie all year is never over."""
        return self._with_last_day().exclude(last_day__lt=CoiToday())

    def over(self) -> Self:
        """Those whose last possible day has passed."""
        return self._with_last_day().filter(last_day__lt=CoiToday())

    def _with_last_day(self) -> Self:
        return self.annotate(last_day=Coalesce("ends_on", "round__stays_until"))

    def with_card(self) -> Self:
        """With what a card in a list shows, in a fixed number of queries."""
        return super().with_card().select_related("round", "owner", "municipality").with_seats()

    def with_page(self) -> Self:
        """With what a place's page shows, in a fixed number of queries."""
        return self.with_card().prefetch_related(
            "pictures", "tags", "subject_areas", "seen_entries__entry", "seats"
        )


@track_type
class Offer(Content):  # type: ignore[django-manager-missing]
    """A practicum place. `owner` is the host, `summary` what a guest takes part in, in two lines.

    Who writes it says how many seats there are; the rows of Seat follow when it is published.
    """

    KINDS: ClassVar = (Kind.OFFER,)
    URL_NAME: ClassVar = "practicum:offer"

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("runde"),
        help_text=_("Tom, når opholdet kan ligge hele året."),
    )  # fmt: skip
    programme = section(_("det ser og gør gæsten"))
    suits = section(_("det passer til"))
    hopes = section(_("det håber værten at få ud af besøget"))
    days = models.PositiveSmallIntegerField(
        _("dage"), default=3, validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    starts_on = models.DateField(_("tidligst"), null=True, blank=True)
    ends_on = models.DateField(_("senest"), null=True, blank=True)
    is_flexible = models.BooleanField(_("tiden aftales"), default=False)
    direct_seats = models.PositiveSmallIntegerField(
        _("pladser, der aftales direkte"), default=0, validators=[MaxValueValidator(MOST_SEATS)]
    )
    round_seats = models.PositiveSmallIntegerField(
        _("pladser, der fordeles i runden"), default=0, validators=[MaxValueValidator(MOST_SEATS)]
    )
    meeting_place = models.CharField(_("mødested"), max_length=160, blank=True)
    confidentiality = section(_("det, der ikke må deles"))
    certificates = ChoiceArrayField(Certificate, verbose_name=_("attester"))
    accessibility = section(_("adgang for alle"))
    remote = section(_("det, der kan foregå hjemmefra"))
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="copies"
    )

    objects = OfferQuerySet.as_manager()  # type: ignore[misc]

    if TYPE_CHECKING:
        # From with_seats().
        seats_taken: int
        seats_free: int

    TEXTS: ClassVar = ("programme", "suits", "hopes", "confidentiality", "accessibility", "remote")
    PARTS: ClassVar = (
        *Content.PARTS, *TEXTS, "round_id", "days", "starts_on", "ends_on", "is_flexible", "direct_seats",
        "round_seats", "meeting_place", "certificates",
    )  # fmt: skip
    ROWS: ClassVar = {**Content.ROWS, "seen_entries": ("entry_id", "position")}

    class Meta:
        verbose_name = _("praktikplads")
        verbose_name_plural = _("praktikpladser")
        indexes: ClassVar = [models.Index(fields=["round", "starts_on"], name="offer_round_start")]
        constraints: ClassVar = [
            only_known(
                "certificates", Certificate, name="offer_certificates_known", message=_("Ukendt attest.")
            ),
            models.CheckConstraint(
                condition=Q(days__range=(1, MOST_DAYS)),
                name="offer_days_in_range",
                violation_error_message=_("Et ophold varer fra 1 til 10 dage."),
            ),
            models.CheckConstraint(
                condition=Q(direct_seats__lte=MOST_SEATS - F("round_seats"))
                & (Q(direct_seats__gte=1) | Q(round_seats__gte=1)),
                name="offer_seats_in_range",
                violation_error_message=_("Der skal være plads til mellem 1 og 20 gæster."),
            ),
            models.CheckConstraint(
                condition=Q(round_seats=0) | Q(round__isnull=False),
                name="offer_round_seats_need_a_round",
                violation_error_message=_("Vælg den runde, pladserne fordeles i."),
            ),
            models.CheckConstraint(
                condition=Q(is_flexible=True, starts_on__isnull=True, ends_on__isnull=True)
                | Q(
                    is_flexible=False,
                    starts_on__isnull=False,
                    ends_on__isnull=False,
                    ends_on__gte=F("starts_on"),
                ),
                name="offer_dates_or_flexible",
                violation_error_message=_("Skriv, hvornår opholdet kan ligge, eller at tiden aftales."),
            ),
        ]

    @property
    def seats_wanted(self) -> int:
        """How many guests there is room for."""
        return self.direct_seats + self.round_seats

    @property
    def first_day(self) -> dt.date | None:
        """The first day that a stay may lie on: its own, else the round's; None when it can lie all year."""
        return self.starts_on or (self.round.stays_from if self.round else None)

    def ensure_sendable(self) -> None:
        """See Content; a place also needs a host and a programme. The leader may answer while the editors read."""
        super().ensure_publishable()
        if self.owner_id is None:
            raise TransitionError(_("Vælg den arbejdsplads, der er vært."))
        if not self.programme.strip():
            raise TransitionError(_("Skriv, hvad gæsten ser og gør."))

    def ensure_publishable(self) -> None:
        """As to be sent, and with a yes from the host's leader."""
        self.ensure_sendable()
        if not self.approvals.say_yes_to_offer(self).exists():
            raise TransitionError(_("Værtens leder har ikke sagt ja endnu."))

    def publish(self, *, by: User | None, reason: str = "", now: dt.datetime | None = None) -> None:
        """See Content; its seats follow."""
        with transaction.atomic():
            super().publish(by=by, reason=reason, now=now)
            self.arrange_seats()

    def apply_parts(self, parts: dict[str, Any]) -> None:
        """See Content; its seats follow."""
        with transaction.atomic():
            super().apply_parts(parts)
            row = Offer.objects.get(pk=self.pk)
            if row.is_public or row.seats.exists():
                row.arrange_seats()

    def arrange_seats(self) -> None:
        """Make as many seats of each way as the place says. Seats that somebody has stay; raises TransitionError when
        there would be fewer than are taken."""
        Offer.objects.select_for_update(of=("self",)).get(pk=self.pk)
        free = {seat.pk for seat in self.seats.free()}
        taken = [seat for seat in self.seats.all() if seat.pk not in free]
        wanted = {SeatWay.DIRECT: self.direct_seats, SeatWay.ROUND: self.round_seats}
        for seat in taken:
            wanted[SeatWay(seat.way)] -= 1
        if min(wanted.values()) < 0:
            raise TransitionError(_("Flere gæster har allerede fået en plads, end der nu er plads til."))
        self.seats.filter(pk__in=free).delete()
        for number, seat in enumerate(taken, 1):
            self.seats.filter(pk=seat.pk).exclude(number=number).update(number=number)
        ways = [way for way, number in wanted.items() for _seat in range(number)]
        Seat.objects.bulk_create(
            Seat(offer=self, number=number, way=way) for number, way in enumerate(ways, len(taken) + 1)
        )

    def search_fields(self) -> dict[str, Any]:
        """See Content; with the texts as body."""
        return {
            **super().search_fields(),
            "body": " \n".join(plain(getattr(self, name)) for name in self.TEXTS),
        }


class OfferEntry(models.Model):
    """An entry of the catalogue that can be seen in practice at a place."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="seen_entries")
    entry = models.ForeignKey(
        "catalogue.Entry", on_delete=models.CASCADE, related_name="practicum_offers", verbose_name=_("indlæg")
    )
    position = models.PositiveSmallIntegerField(_("rækkefølge"), default=0)

    class Meta:
        verbose_name = _("ses i praksis")
        verbose_name_plural = _("ses i praksis")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["offer", "entry"],
                name="offer_entry_once",
                violation_error_message=_("Indlægget står der allerede."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.entry)


class SeatQuerySet(models.QuerySet["Seat"]):
    """Seats as actions use them."""

    def free(self) -> Self:
        """Those that nobody has and that are held for nobody."""
        from practicum.models.stay import Stay

        return self.exclude(Exists(Stay.objects.filter(seat=OuterRef("pk"), state__in=SEATED)))


@pghistory.track()
class Seat(models.Model):
    """Room for one guest. At most one stay that counts has it (see Stay), so there are never more guests than seats."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="seats")
    number = models.PositiveSmallIntegerField(_("nummer"))
    way = models.CharField(_("aftales"), max_length=8, choices=SeatWay)
    moved_on = models.DateField(_("gik med i runden"), null=True, blank=True, editable=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("plads til en gæst")
        verbose_name_plural = _("pladser til gæster")
        ordering: ClassVar = ["number"]
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            one_of("way", SeatWay, name="seat_way_known"),
            models.UniqueConstraint(fields=["offer", "number"], name="seat_once"),
            models.CheckConstraint(condition=Q(number__range=(1, MOST_SEATS)), name="seat_number_in_range"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="no_more_than_offered",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("wanted", "integer"), ("its_round", "bigint")],
                func=f"""
                    SELECT direct_seats + round_seats, round_id INTO wanted, its_round
                    FROM practicum_offer WHERE content_ptr_id = NEW.offer_id FOR SHARE;
                    IF NEW.number > wanted THEN
                        {refuse("seat_within_offer", "there are no more seats than the host offers")}
                    END IF;
                    IF NEW.way = '{SeatWay.ROUND}' AND its_round IS NULL THEN
                        {refuse("seat_round_is_there", "a seat of a round needs a round")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer} ({self.number})"
