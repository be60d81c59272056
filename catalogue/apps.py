from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = _("Inspiration")

    def ready(self) -> None:
        """Tell the queue and the receipts what they need to know of the catalogue's kinds."""
        from catalogue import workplace
        from catalogue.asking.handling import QuestionHandler
        from catalogue.proposals import kinds
        from catalogue.reusing.actions import drop_between
        from catalogue.reusing.handling import ReuseHandler
        from catalogue.stories import forms, handling
        from editorial import actions, receipts, workplace_pages
        from editorial.choices import Kind, QueueKind
        from editorial.diffs import ACTIONS
        from editorial.handlers import CONTENT_PANELS, HELD_BACK, register
        from places.merging import BECOME_ONE, WAYS

        kinds.register()
        WAYS["catalogue.Reuse.workplace"] = WAYS["catalogue.StoryThanks.workplace"] = BECOME_ONE
        actions.BEFORE_MERGE.append(drop_between)
        workplace_pages.PANELS.append(workplace.reuse_panel)
        workplace_pages.TO_DO.append(workplace.to_do)
        register(QueueKind.REUSE, ReuseHandler())
        register(QueueKind.QUESTION, QuestionHandler())
        register(QueueKind.THANKS, handling.ThanksHandler())
        CONTENT_PANELS[Kind.STORY] = handling.story_panels
        HELD_BACK[Kind.STORY] = handling.story_held_back
        ACTIONS.update(handling.action_labels())
        receipts.CORRECTORS[Kind.STORY] = forms.CorrectStoryForm
