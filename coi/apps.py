"""The site's own app: commands, and the marks that a demonstration leaves in its database."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Holds what joins the areas; nothing imports from it."""

    name = "coi"
    verbose_name = "Portalen"
