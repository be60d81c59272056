from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "editorial"
    verbose_name = _("Redaktion")

    def ready(self) -> None:
        """Say what the queue does with roles, who listens for mail that comes back, what a workplace owes an
        answer to, and what becomes of content, the
        queue, totals and search documents when two workplaces become one.
        """
        from editorial import memberships, workplace_pages
        from editorial.confirming import actions as confirming
        from places.merging import BECOME_ONE, DERIVED, MOVED, WAYS, added_up

        memberships.begin()
        workplace_pages.TO_DO.append(confirming.to_do)
        WAYS["editorial.Content.owner"] = MOVED
        WAYS["editorial.Participation.workplace"] = BECOME_ONE
        WAYS["editorial.QueueItem.workplace"] = MOVED
        WAYS["editorial.Reading.workplace"] = added_up("times")
        WAYS["editorial.Sought.workplace"] = added_up("times", words="words")
        WAYS["search.Document.workplace"] = DERIVED
