"""What the site itself keeps."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Marker(models.Model):
    """Notes that something was done once in this database, such as loading the demonstration content."""

    name = models.SlugField(_("navn"), primary_key=True)
    created_at = models.DateTimeField(_("hvornår"), auto_now_add=True)

    class Meta:
        verbose_name = _("mærke")
        verbose_name_plural = _("mærker")

    def __str__(self) -> str:
        return self.name
