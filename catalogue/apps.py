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
        """Tell the queue and the receipts of stories what they need."""
        from catalogue.stories import forms, handling
        from editorial import receipts
        from editorial.choices import Kind, QueueKind
        from editorial.handlers import CONTENT_PANELS, register

        register(QueueKind.THANKS, handling.ThanksHandler())
        CONTENT_PANELS[Kind.STORY] = handling.story_panels
        receipts.CORRECTORS[Kind.STORY] = forms.CorrectStoryForm
