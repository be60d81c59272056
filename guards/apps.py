"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuardsConfig(AppConfig):
    """The guards: functions, form fields and checks, and two tables that forget."""

    name = "guards"
    verbose_name = _("Værn mod misbrug")
