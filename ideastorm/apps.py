from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdeastormConfig(AppConfig):
    name = "ideastorm"
    verbose_name = _("Idéstorme")

    def ready(self) -> None:
        """Tell the queue and the receipts what they need to know of ideas."""
        from editorial import receipts
        from editorial.choices import Kind, QueueKind
        from editorial.diffs import ACTIONS
        from editorial.handlers import CONTENT_PANELS, CORRECTED_AT, HELD_BACK, register
        from ideastorm import handling
        from ideastorm.adding.handling import AdditionHandler
        from ideastorm.commenting.handling import CommentHandler
        from ideastorm.giving.forms import CorrectIdeaForm
        from places.merging import BECOME_ONE, MOVED, WAYS

        WAYS["ideastorm.Invitation.workplace"] = BECOME_ONE
        WAYS["ideastorm.Idea.workplace"] = WAYS["ideastorm.Comment.workplace"] = MOVED
        register(QueueKind.IDEA, handling.IdeaHandler())
        register(QueueKind.ADDITION, AdditionHandler())
        register(QueueKind.COMMENT, CommentHandler())
        CONTENT_PANELS[Kind.IDEA] = handling.idea_panels
        CONTENT_PANELS[Kind.STORM] = handling.storm_panels
        CORRECTED_AT[Kind.STORM] = handling.storm_corrected_at
        HELD_BACK[Kind.IDEA] = handling.idea_held_back
        receipts.CORRECTORS[Kind.IDEA] = CorrectIdeaForm
        receipts.PANELS[Kind.IDEA] = handling.answer_panels
        ACTIONS.update(handling.action_labels())
