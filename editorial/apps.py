from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "editorial"
    verbose_name = _("Redaktion")

    def ready(self) -> None:
        """Say what the queue does with roles, and who listens for mail that comes back."""
        from editorial import memberships

        memberships.begin()
