"""The site's own app: commands, and the marks that a demonstration leaves in its database."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Holds what joins the areas; nothing imports from it."""

    name = "coi"
    verbose_name = "Portalen"

    def ready(self) -> None:
        """Say what history calls those whose account is erased."""
        from accounts.former import names_from
        from coi.personal_data.erasing import former_names

        names_from(former_names)
