from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MappingConfig(AppConfig):
    name = "mapping"
    verbose_name = _("Innovationslandskabet")

    def ready(self) -> None:
        """Tell the queue what a workplace for the map is, and what goes along when two workplaces become one."""
        from editorial.actions import KIND_WORKPLACE
        from editorial.choices import QueueKind
        from editorial.confirming.views import EDIT_PAGES
        from editorial.handlers import register
        from mapping.adding.handling import WorkplaceHandler
        from mapping.merging import move_unit
        from places.merging import WAYS, Way

        EDIT_PAGES[KIND_WORKPLACE] = "mapping:correct_workplace"
        WAYS["mapping.Unit.same_workplace"] = Way(move_unit)
        register(QueueKind.WORKPLACE, WorkplaceHandler())
