"""Addresses of the catalogue."""

from django.urls import path, register_converter
from django.views.decorators.http import require_safe

from catalogue import exports, feeds, views
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
    path("katalog/<uuid:uuid>/", views.entry_preview, name="preview"),
    path("katalog/<slug:slug>/", views.entry_detail, name="entry"),
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
