"""What ties content to the world around it: workplaces that take part, and every address it has had."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from places.models import Workplace


@pghistory.track()
class Participation(models.Model):
    """A workplace that takes part in content it does not own."""

    content = models.ForeignKey("editorial.Content", on_delete=models.CASCADE, related_name="participations")
    workplace = models.ForeignKey(
        Workplace, on_delete=models.PROTECT, related_name="participations", verbose_name=_("arbejdsplads")
    )
    role = models.CharField(
        _("rolle"), max_length=80, blank=True, help_text=_("F.eks. »betaler« eller »afprøver«.")
    )
    position = models.PositiveSmallIntegerField(_("rækkefølge"), default=0)

    class Meta:
        verbose_name = _("deltager")
        verbose_name_plural = _("andre arbejdspladser, der er med")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["content", "workplace"],
                name="participation_once",
                violation_error_message=_("Arbejdspladsen er allerede med."),
            )
        ]

    def __str__(self) -> str:
        return str(self.workplace)


class ContentSlug(models.Model):
    """Every address content has had. An old one answers 301 and is never given to another."""

    slug = models.SlugField(max_length=90, primary_key=True)
    content = models.ForeignKey(
        "editorial.Content", on_delete=models.SET_NULL, null=True, related_name="slugs"
    )

    class Meta:
        verbose_name = _("adresse")
        verbose_name_plural = _("adresser")

    def __str__(self) -> str:
        return self.slug
