"""Addresses of the catalogue."""

from django.urls import path, register_converter
from django.views.decorators.http import require_safe

from catalogue import exports, feeds, views
from catalogue.asking import views as asking
from catalogue.proposals import urls as proposals
from catalogue.reusing import views as reusing
from catalogue.stories import feeds as story_feeds
from catalogue.stories import handling
from catalogue.stories import views as stories

app_name = "catalogue"


class ExportKind:
    """The formats a list can be fetched in."""

    regex = "csv|xlsx|json"

    def to_python(self, value: str) -> str:
        """As it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands in the address."""
        return value


register_converter(ExportKind, "export_kind")

urlpatterns = [
    path("katalog/", views.entry_list, name="list"),
    path("katalog/feed/", require_safe(feeds.CatalogueFeed()), name="feed"),
    path("katalog/eksport.<export_kind:kind>", exports.export_list, name="export"),
    path("katalog/samlinger/", views.collection_list, name="collections"),
    path("katalog/samlinger/<slug:slug>/", views.collection_detail, name="collection"),
    path("katalog/emner/", views.tag_list, name="tags"),
    path("katalog/emner/<slug:slug>/", views.tag_detail, name="tag"),
    path("katalog/fagomraader/<slug:slug>/", views.subject_area_detail, name="subject_area"),
    *proposals.urlpatterns,
    path("katalog/<uuid:uuid>/", views.entry_preview, name="preview"),
    path("katalog/<slug:slug>/", views.entry_detail, name="entry"),
    path("katalog/<slug:slug>/genbrug/", reusing.reuse, name="reuse"),
    path("genbrug/<uuid:uuid>/", reusing.reuse_origin, name="reuse_origin"),
    path("genbrug/<uuid:uuid>/bekraeft/", reusing.confirm, name="reuse_confirm"),
    path("genbrug/<uuid:uuid>/passer-ikke/", reusing.objection, name="reuse_objection"),
    path("genbrug/<uuid:uuid>/traek-tilbage/", reusing.take_back, name="reuse_take_back"),
    path("katalog/<slug:slug>/spoerg/", asking.ask, name="ask"),
    path("spoergsmaal/<uuid:uuid>/", asking.question, name="question"),
    path("spoergsmaal/<uuid:uuid>/videre/", asking.pass_on, name="question_pass_on"),
    path("spoergsmaal/<uuid:uuid>/vises/", asking.consent, name="question_consent"),
    path("historier/", stories.story_list, name="stories"),
    path("historier/feed/", require_safe(story_feeds.StoryFeed()), name="story_feed"),
    path("historier/fortael/", stories.tell, name="tell_story"),
    path("historier/fortael/tak/", stories.told, name="story_told"),
    path("historier/fortael/steder.json", stories.workplaces, name="story_workplaces"),
    path("historier/<uuid:uuid>/", stories.story_preview, name="story_preview"),
    path("historier/<slug:slug>/", stories.story_detail, name="story"),
    path("historier/<slug:slug>/tak/", stories.thank_for, name="thank"),
    path("admin/moderation/<uuid:uuid>/historie/<slug:way>/", handling.take_way, name="story_way"),
]
