"""What hangs on content: pictures, links, and the contact (kept apart, because it is a person's data)."""

from typing import ClassVar, Self

import pghistory
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from editorial.choices import READABLE
from editorial.fields import one_of
from editorial.models.content import Content
from guards.pictures import original_names


class PictureQuerySet(models.QuerySet["Picture"]):
    """Pictures as their files are asked for."""

    def of_file(self, name: str) -> Self:
        """The rows that a stored file belongs to: a picture itself, or a smaller version of it."""
        return self.filter(name__in=original_names(name))

    def readable(self) -> Self:
        """Pictures of content that anyone may read."""
        return self.filter(content__state__in=READABLE)


@pghistory.track()
class Picture(models.Model):
    """A picture as guards.pictures stored it. `name` is the storage name of the largest version."""

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="pictures")
    name = models.CharField(_("fil"), max_length=200)
    width = models.PositiveIntegerField(_("bredde"))
    height = models.PositiveIntegerField(_("højde"))
    widths = models.JSONField(
        _("størrelser"), default=list, blank=True, help_text=_("Bredder, der findes som WebP.")
    )
    alt = models.CharField(
        _("alternativ tekst"),
        max_length=250,
        blank=True,
        help_text=_("Hvad billedet viser, til dem, der ikke ser det. Tom kun, hvis billedet er ren pynt."),
    )
    caption = models.CharField(_("billedtekst"), max_length=250, blank=True)
    credit = models.CharField(_("fotograf eller kilde"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("rækkefølge"), default=0)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("billede")
        verbose_name_plural = _("billeder")
        ordering: ClassVar = ["position", "id"]
        indexes: ClassVar = [models.Index(fields=["name"], name="picture_name")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["content", "name"], name="picture_once_per_content"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="picture_has_size"),
        ]

    def __str__(self) -> str:
        return self.alt or self.caption or str(_("Billede"))


class LinkKind(models.TextChoices):
    """What a link is for."""

    DOCUMENTATION = "documentation", _("Dokumentation")
    SOURCE = "source", _("Kilde")
    MORE = "more", _("Læs mere")


@pghistory.track()
class Link(models.Model):
    """A link out of the portal. An address from an old source may stand without a check."""

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(_("slags"), max_length=15, choices=LinkKind, default=LinkKind.MORE)
    title = models.CharField(_("tekst"), max_length=160)
    url = models.URLField(_("adresse"), max_length=600)
    note = models.CharField(
        _("note"), max_length=160, blank=True, help_text=_("F.eks. »kildeadresse, 2014«.")
    )
    checked_on = models.DateField(_("set efter"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("rækkefølge"), default=0)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            one_of("kind", LinkKind, name="link_kind_known"),
            models.CheckConstraint(
                condition=Q(url__istartswith="https://") | Q(url__istartswith="http://"),
                name="link_is_web",
                violation_error_message=_("Adressen skal begynde med https:// eller http://."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Contact(models.Model):
    """Who can answer questions about content. Shown only with consent; never tracked, never exported."""

    content = models.OneToOneField(Content, on_delete=models.CASCADE, related_name="contact")
    name = models.CharField(_("navn"), max_length=120)
    role = models.CharField(_("titel eller rolle"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telefon"), max_length=30, blank=True, validators=[MaxLengthValidator(30)])
    consented_on = models.DateField(
        _("samtykke givet"),
        null=True,
        blank=True,
        help_text=_("Dagen, hvor personen sagde ja til at stå på siden. Uden dato vises intet."),
    )

    class Meta:
        verbose_name = _("kontakt")
        verbose_name_plural = _("kontakt")

    def __str__(self) -> str:
        return self.name
