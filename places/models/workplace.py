"""Workplaces: the organisations that own content, under the names they have had over time."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar, Self

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from places.choices import Sector
from places.fields import danish_sort_key, keeps_every_slug, one_at_a_time
from places.models.geography import Municipality

CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)
"""Weights of the CVR number's modulus 11 check (Erhvervsstyrelsen, »Modulus 11-kontrol«)."""


def validate_cvr(value: str) -> None:
    """Raise ValidationError unless `value` is eight digits whose weighted sum is divisible by 11."""
    if len(value) != 8 or not value.isascii() or not value.isdigit():
        raise ValidationError(_("Et CVR-nummer er otte cifre."))
    if value[0] == "0" or sum(w * int(d) for w, d in zip(CVR_WEIGHTS, value, strict=True)) % 11:
        raise ValidationError(_("CVR-nummeret kan ikke være rigtigt. Se efter, om to cifre er byttet om."))


class WorkplaceQuerySet(models.QuerySet["Workplace"]):
    """Workplaces as the portal speaks of them."""

    def active(self) -> Self:
        """Those that have not closed."""
        return self.filter(closed_on__isnull=True)

    def with_place(self) -> Self:
        """With what a line about a workplace shows, in the same query."""
        return self.select_related("municipality", "parent")

    def named(self, name: str) -> Self:
        """Those with this name now, before, or as an alias (case-insensitive)."""
        return self.filter(
            Q(name__iexact=name) | Q(periods__name__iexact=name) | Q(aliases__name__iexact=name)
        ).distinct()


@pghistory.track(
    exclude=["mailbox", "sort_key", "confirmed_on", "confirmation_asked_on"], model_name="WorkplaceEvent"
)
class Workplace(models.Model):
    """An organisation. `name`, `sector` and `parent` mirror the period that holds today (see WorkplacePeriod)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(
        _("adresse"),
        max_length=90,
        unique=True,
        help_text=_("Sidste led i sidens adresse. Den gamle adresse viser videre, hvis du retter den."),
    )
    name = models.CharField(_("navn"), max_length=160)
    sort_key = danish_sort_key("name")
    sector = models.CharField(_("sektor"), max_length=20, choices=Sector)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("hører under"),
        help_text=_("Rettigheder over en arbejdsplads gælder ikke de arbejdspladser, der hører under den."),
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="workplaces",
        verbose_name=_("kommune"),
    )
    address = models.CharField(_("vej og nummer"), max_length=160, blank=True)
    postcode = models.CharField(
        _("postnummer"), max_length=4, blank=True, validators=[RegexValidator(r"^\d{4}$", _("Fire cifre."))]
    )
    city = models.CharField(_("by"), max_length=60, blank=True)
    lat = models.DecimalField(_("breddegrad"), max_digits=8, decimal_places=5, null=True, blank=True)
    lng = models.DecimalField(_("længdegrad"), max_digits=8, decimal_places=5, null=True, blank=True)
    website = models.URLField(_("hjemmeside"), max_length=300, blank=True)
    cvr = models.CharField(_("CVR-nummer"), max_length=8, blank=True, validators=[validate_cvr])
    mailbox = models.EmailField(
        _("fællespostkasse"),
        blank=True,
        help_text=_("Hertil skriver portalen, når arbejdspladsen ikke har en kontaktperson. Vises ikke."),
    )
    closed_on = models.DateField(_("nedlagt"), null=True, blank=True)
    confirmed_on = models.DateField(
        _("senest bekræftet"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Da arbejdspladsen sidst sagde, at oplysningerne om den passer."),
    )
    confirmation_asked_on = models.DateField(
        _("spurgt, om oplysningerne passer"), null=True, blank=True, editable=False
    )
    is_demo = models.BooleanField(
        _("demonstration"), default=False, help_text=_("Opdigtet arbejdsplads, der viser, hvad portalen kan.")
    )
    note = models.TextField(
        _("intern note"), blank=True, help_text=_("F.eks. hvor oplysningen er fra. Vises ikke.")
    )
    created_at = models.DateTimeField(_("oprettet"), auto_now_add=True)
    updated_at = models.DateTimeField(_("rettet"), auto_now=True)

    objects = WorkplaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("arbejdsplads")
        verbose_name_plural = _("arbejdspladser")
        ordering: ClassVar = ["sort_key", "id"]
        indexes: ClassVar = [models.Index(fields=["sort_key", "id"], name="workplace_sort")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lng__isnull=True)
                # Said outright: a CHECK lets through what compares to NULL.
                | Q(lat__isnull=False, lng__isnull=False, lat__range=(54.4, 57.9), lng__range=(7.9, 15.3)),
                name="workplace_point_in_denmark",
                violation_error_message=_("Skriv både bredde- og længdegrad, og hold dig inden for Danmark."),
            ),
            models.CheckConstraint(
                condition=Q(cvr="")
                | Q(Func(F("cvr"), function="coi_cvr_valid", output_field=models.BooleanField())),
                name="workplace_cvr_checked",
                violation_error_message=_("CVR-nummeret kan ikke være rigtigt."),
            ),
            models.CheckConstraint(
                condition=Q(website="")
                | Q(website__istartswith="https://")
                | Q(website__istartswith="http://"),
                name="workplace_website_is_web",
                violation_error_message=_("Hjemmesiden skal begynde med https:// eller http://."),
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")),
                name="workplace_not_its_own_parent",
                violation_error_message=_("En arbejdsplads kan ikke høre under sig selv."),
            ),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"), name="workplace_slug_ascii"
            ),
        ]
        triggers: ClassVar = [keeps_every_slug("places_workplaceslug", "workplace_id")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The workplace's own page."""
        return reverse("mapping:workplace", args=[self.slug])

    @property
    def owes_confirmation(self) -> bool:
        """Whether it was asked if what stands about it is right, and has not answered since."""
        if self.closed_on or self.confirmation_asked_on is None:
            return False
        return self.confirmed_on is None or self.confirmed_on < self.confirmation_asked_on

    def name_on(self, day: dt.date) -> str:
        """The name the workplace had on `day`; its present name where no period covers the day.

        Looks among `periods.all()`, so prefetch it in lists.
        """
        for row in self.periods.all():
            if row.covers(day):
                return row.name
        return self.name


@pghistory.track()
class WorkplacePeriod(models.Model):
    """What a workplace was called, which sector it was in and where it belonged, in one period."""

    workplace = models.ForeignKey(
        Workplace, on_delete=models.CASCADE, related_name="periods", verbose_name=_("arbejdsplads")
    )
    name = models.CharField(_("navn"), max_length=160)
    sector = models.CharField(_("sektor"), max_length=20, choices=Sector)
    parent = models.ForeignKey(
        Workplace,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hører under"),
    )
    valid_from = models.DateField(
        _("fra"), null=True, blank=True, help_text=_("Tom: så langt tilbage, vi ved.")
    )
    valid_to = models.DateField(
        _("til"),
        null=True,
        blank=True,
        help_text=_("Første dag, det ikke længere gælder. Tom: gælder stadig."),
    )

    class Meta:
        verbose_name = _("periode")
        verbose_name_plural = _("perioder (navn, sektor og tilhør)")
        ordering: ClassVar = [F("valid_from").asc(nulls_first=True)]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
                name="workplace_period_forward",
                violation_error_message=_("Slutdatoen skal ligge efter startdatoen."),
            ),
            one_at_a_time(
                "workplace",
                name="workplace_period_one_at_a_time",
                message=_("To perioder for samme arbejdsplads må ikke overlappe."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def covers(self, day: dt.date) -> bool:
        """Whether `day` lies in the period."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


@pghistory.track()
class Succession(models.Model):
    """»Afløst af«: what became of a workplace that was merged, split, renamed into another or taken over."""

    class Kind(models.TextChoices):
        MERGED = "merged", _("lagt sammen til")
        SPLIT = "split", _("delt i")
        TAKEN_OVER = "taken_over", _("opgaverne overtaget af")

    predecessor = models.ForeignKey(
        Workplace, on_delete=models.CASCADE, related_name="successions", verbose_name=_("arbejdsplads")
    )
    successor = models.ForeignKey(
        Workplace, on_delete=models.PROTECT, related_name="predecessions", verbose_name=_("afløst af")
    )
    kind = models.CharField(_("hvordan"), max_length=12, choices=Kind)
    year = models.PositiveSmallIntegerField(_("år"))

    class Meta:
        verbose_name = _("afløser")
        verbose_name_plural = _("afløst af")
        ordering: ClassVar = ["year", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="succession_not_itself",
                violation_error_message=_("En arbejdsplads kan ikke afløse sig selv."),
            ),
            models.CheckConstraint(condition=Q(year__range=(1900, 2100)), name="succession_year"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor} ({self.year})"


@pghistory.track()
class WorkplaceAlias(models.Model):
    """Another name people use, such as an abbreviation; found by search and by imports, never shown as a name."""

    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(_("navn"), max_length=160)

    class Meta:
        verbose_name = _("kaldes også")
        verbose_name_plural = _("kaldes også")
        constraints: ClassVar = [models.UniqueConstraint(fields=["workplace", "name"], name="alias_once")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class WorkplaceDomain(models.Model):
    """An e-mail domain of a workplace. Set by staff only; a shared one proves the sector, not the workplace."""

    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(
        _("domæne"),
        max_length=253,
        validators=[
            RegexValidator(
                r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$", _("Skriv kun domænet, f.eks. »kommune.dk«.")
            )
        ],
    )

    class Meta:
        verbose_name = _("e-maildomæne")
        verbose_name_plural = _("e-maildomæner")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workplace", "domain"], name="workplace_domain_once"),
            models.CheckConstraint(
                condition=Q(domain__regex=r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$"),
                name="workplace_domain_form",
            ),
        ]

    def __str__(self) -> str:
        return self.domain


class WorkplaceSlug(models.Model):
    """Every address a workplace has had. An old one answers 301 and is never given to another."""

    slug = models.SlugField(max_length=90, primary_key=True)
    workplace = models.ForeignKey(Workplace, on_delete=models.SET_NULL, null=True, related_name="slugs")

    class Meta:
        verbose_name = _("adresse")
        verbose_name_plural = _("adresser")

    def __str__(self) -> str:
        return self.slug
