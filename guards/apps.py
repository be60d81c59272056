"""Django's handle on the app; it has no models."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuardsConfig(AppConfig):
    """The guards: no tables, only functions, form fields and checks."""

    name = "guards"
    verbose_name = _("Værn mod misbrug")
