from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Telling people: events, mail through a queue, digests, follows."""

    name = "notices"
    verbose_name = _("Beskeder")
