from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PracticumConfig(AppConfig):
    name = "practicum"
    verbose_name = _("Innovationspraktik")

    def ready(self) -> None:
        """Tell the layers below what they need to know of practicum places."""
        from places.merging import BECOME_ONE, MOVED, WAYS

        for field in ("Application.workplace", "Stay.guest_workplace", "OpenWishAnswer.workplace"):
            WAYS[f"practicum.{field}"] = MOVED
        WAYS["practicum.HostInvitation.workplace"] = BECOME_ONE
