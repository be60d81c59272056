"""An innovation unit: a workplace's innovation function. Whom to write to is an editorial.Contact, with consent."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from editorial.choices import Kind
from editorial.fields import section
from editorial.history import track_type
from editorial.models import Content
from editorial.models.querysets import ContentQuerySet
from editorial.text import plain
from places.models import Workplace


class UnitQuerySet(ContentQuerySet["Unit"]):
    """Innovation units as their pages use them."""

    def with_page(self) -> Self:
        """With what a unit's page shows, in a fixed number of queries."""
        return (
            self.with_card()
            .select_related("same_entry", "same_workplace", "contact")
            .prefetch_related(
                "pictures", "links", "tags", "subject_areas", "participations__workplace__periods"
            )
        )


@track_type
class Unit(Content):  # type: ignore[django-manager-missing]
    """An innovation unit. `owner` is the workplace whose unit it is; several share it as participants."""

    KINDS: ClassVar = (Kind.UNIT,)
    URL_NAME: ClassVar = "mapping:unit"

    does = section(_("hvad de gør"), _("Hvad arbejder enheden med?"))
    services = section(
        _("det kan man få hjælp til"), _("F.eks. rådgivning, forløb, lokaler eller undervisning.")
    )
    who_may_use = section(_("hvem der kan bruge enheden"))
    methods = section(_("metoder"), _("Hvordan arbejder de?"))
    size = models.CharField(
        _("størrelse"), max_length=80, blank=True, help_text=_("F.eks. »8 ansatte«. Tomt felt: ikke oplyst.")
    )
    closed_year = models.PositiveSmallIntegerField(
        _("lukket i"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
        help_text=_("Året, enheden lukkede. Den vises så som lukket."),
    )
    after_closing = models.CharField(_("hvad der blev af den"), max_length=300, blank=True)
    same_entry = models.ForeignKey(
        "catalogue.Entry",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="units",
        verbose_name=_("samme som indlægget"),
        help_text=_(
            "Når enheden også står i Inspiration, f.eks. som videnscenter. De vises som ét på kortet."
        ),
    )
    same_workplace = models.OneToOneField(
        Workplace,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="unit_itself",
        verbose_name=_("samme som arbejdspladsen"),
        help_text=_("Når enheden selv er en arbejdsplads på portalen."),
    )

    objects = UnitQuerySet.as_manager()  # type: ignore[misc]

    TEXTS: ClassVar = ("does", "services", "who_may_use", "methods")
    """The sections of text, in the order of the page."""
    PARTS: ClassVar = (
        *Content.PARTS,
        *TEXTS,
        "size",
        "closed_year",
        "after_closing",
        "same_entry_id",
        "same_workplace_id",
    )

    class Meta:
        verbose_name = _("innovationsenhed")
        verbose_name_plural = _("innovationsenheder")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_year__isnull=True) | Q(closed_year__range=(1900, 2100)),
                name="unit_closed_year_plausible",
                violation_error_message=_("Skriv et årstal mellem 1900 og 2100."),
            ),
            models.CheckConstraint(
                condition=Q(after_closing="") | Q(closed_year__isnull=False),
                name="unit_after_closing_needs_year",
                violation_error_message=_("Skriv også, hvornår enheden lukkede."),
            ),
        ]

    def search_fields(self) -> dict[str, Any]:
        """See Content; with the sections as body, and what else it is."""
        texts = [plain(text) for name in self.TEXTS if (text := getattr(self, name))]
        return {
            **super().search_fields(),
            "body": " \n".join([*texts, self.after_closing]),
            "closed_year": self.closed_year,
            "same_content": self.same_entry_id,
            "same_workplace": self.same_workplace_id,
        }
