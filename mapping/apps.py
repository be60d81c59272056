from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MappingConfig(AppConfig):
    name = "mapping"
    verbose_name = _("Innovationslandskabet")

    def ready(self) -> None:
        """Tell the queue what a workplace for the map is."""
        from editorial.choices import QueueKind
        from editorial.handlers import register
        from mapping.adding.handling import WorkplaceHandler

        register(QueueKind.WORKPLACE, WorkplaceHandler())
