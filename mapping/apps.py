from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MappingConfig(AppConfig):
    name = "mapping"
    verbose_name = _("Innovationslandskabet")

    def ready(self) -> None:
        """Say how projects and units are proposed, what the queue does with them and with workplaces, and what goes
        along when two workplaces become one.
        """
        from editorial.choices import Kind, QueueKind
        from editorial.handlers import CONTENT_PANELS, register
        from mapping.adding import kinds
        from mapping.adding.handling import WorkplaceHandler, place_panels
        from mapping.merging import move_unit
        from places.merging import WAYS, Way

        kinds.register()
        CONTENT_PANELS.update({Kind.PROJECT: place_panels, Kind.UNIT: place_panels})
        WAYS["mapping.Unit.same_workplace"] = Way(move_unit)
        register(QueueKind.WORKPLACE, WorkplaceHandler())
