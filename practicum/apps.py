from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PracticumConfig(AppConfig):
    name = "practicum"
    verbose_name = _("Innovationspraktik")

    def ready(self) -> None:
        """Tell the layers below what they need to know of practicum places."""
        from editorial import workplace_pages
        from editorial.choices import Kind
        from editorial.handlers import CONTENT_PANELS, HELD_BACK, WAITS
        from places.merging import BECOME_ONE, MOVED, WAYS
        from practicum.offering import handling, kinds, mine
        from practicum.offers.panels import workplace_panel
        from practicum.staying.mine import to_do

        for field in ("Application.workplace", "Stay.guest_workplace", "OpenWishAnswer.workplace"):
            WAYS[f"practicum.{field}"] = MOVED
        workplace_pages.PANELS.append(workplace_panel)
        workplace_pages.TO_DO.append(to_do)
        WAYS["practicum.HostInvitation.workplace"] = BECOME_ONE
        kinds.register()
        CONTENT_PANELS[Kind.OFFER] = handling.offer_panels
        HELD_BACK[Kind.OFFER] = handling.held_back
        WAITS[Kind.OFFER] = handling.waits
        workplace_pages.TO_DO.append(mine.to_do)
