from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = _("Inspiration")

    def ready(self) -> None:
        """Tell the queue what our kinds of items are."""
        from catalogue.asking.handling import QuestionHandler
        from catalogue.reusing.handling import ReuseHandler
        from editorial.choices import QueueKind
        from editorial.handlers import register

        register(QueueKind.REUSE, ReuseHandler())
        register(QueueKind.QUESTION, QuestionHandler())
