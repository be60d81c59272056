"""Addresses of storms and ideas."""

from django.urls import path, register_converter
from django.views.decorators.http import require_safe

from ideastorm import feeds, views
from ideastorm.adding import views as adding
from ideastorm.answering import views as answering
from ideastorm.assessing import views as assessing
from ideastorm.commenting import views as commenting
from ideastorm.following import views as following
from ideastorm.giving import views as giving
from ideastorm.joining import views as joining
from ideastorm.results import views as results
from ideastorm.supporting import views as supporting

app_name = "ideastorm"


class StormExportKind:
    """The formats that the results of a storm can be fetched in; XLSX is for the editors."""

    regex = "csv|json|xlsx"

    def to_python(self, value: str) -> str:
        """As it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands in the address."""
        return value


register_converter(StormExportKind, "storm_export_kind")

urlpatterns = [
    path("idestorme/", views.storm_list, name="list"),
    path("idestorme/ideer/<uuid:uuid>/", views.idea_preview, name="idea_preview"),
    path("idestorme/ideer/<slug:slug>/", views.any_idea, name="any_idea"),
    path("idestorme/<uuid:uuid>/", views.storm_preview, name="storm_preview"),
    path("idestorme/<slug:slug>/", views.storm_detail, name="storm"),
    path("idestorme/<slug:slug>/ny/", giving.give, name="give"),
    path("idestorme/<slug:slug>/ny/tak/", giving.given, name="given"),
    path("idestorme/<slug:slug>/ny/ligner/", giving.alike, name="alike"),
    path("idestorme/<slug:slug>/ny/vis/", giving.look, name="give_look"),
    path("idestorme/<slug:slug>/invitation/<str:code>/", giving.invitation, name="invitation"),
    path("idestorme/<slug:slug>/resultater/", results.results, name="results"),
    path("idestorme/<slug:slug>/eksport.<storm_export_kind:kind>", results.export, name="export"),
    path("idestorme/<slug:slug>/svar/", answering.overview, name="answers"),
    path("idestorme/<slug:slug>/svar/flere/", answering.answer_many, name="answer_many"),
    path("idestorme/<slug:slug>/svar/afslut/", answering.finish, name="finish"),
    path("idestorme/<slug:slug>/svar/droeftet/", answering.discussed, name="discussed"),
    path("idestorme/<slug:slug>/svar/<uuid:uuid>/", answering.answer, name="answer"),
    path("idestorme/<slug:slug>/svar/<uuid:uuid>/nyt/", answering.news, name="news"),
    path("idestorme/<slug:storm>/ideer/<slug:slug>/", views.idea_detail, name="idea"),
    path("idestorme/<slug:storm>/ideer/<slug:slug>/stoette/", supporting.support, name="support"),
    path("idestorme/<slug:storm>/ideer/<slug:slug>/stoette/sendt/", supporting.sent, name="support_sent"),
    path("idestorme/<slug:storm>/ideer/<slug:slug>/stoette/fortryd/", supporting.unsupport, name="unsupport"),
    path("idestorme/stoette/<str:token>/", supporting.confirm, name="support_confirm"),
    path("idestorme/<slug:storm>/ideer/<slug:slug>/kommentarer/", commenting.write, name="comment"),
    path("idestorme/kommentarer/<uuid:uuid>/anmeld/", commenting.report, name="comment_report"),
    path("idestorme/kommentarer/<uuid:uuid>/skjul/", commenting.hide, name="comment_hide"),
    path("idestorme/kommentarer/<uuid:uuid>/vis/", commenting.show, name="comment_show"),
    path("idestorme/kommentarer/<uuid:uuid>/loeft/", commenting.lift, name="comment_lift"),
    path("idestorme/<slug:storm>/ideer/<slug:slug>/tilfoej/", adding.add, name="add"),
    path("idestorme/<slug:slug>/foelg/", following.follow_storm, name="follow_storm"),
    path("idestorme/<slug:storm>/ideer/<slug:slug>/foelg/", following.follow_idea, name="follow_idea"),
    path("idestorme/foelger/<uuid:uuid>/stop/", following.stop, name="unfollow"),
    path("idestorme/<slug:slug>/feed/", require_safe(feeds.IdeaFeed()), name="feed"),
    path("idestorme/<slug:storm>/ideer/<slug:slug>/saml/", joining.merge, name="merge"),
    path("idestorme/<slug:storm>/ideer/<slug:slug>/skil/", joining.unmerge, name="unmerge"),
    path("idestorme/<slug:slug>/vurdering/", assessing.my_list, name="assessing"),
    path("idestorme/<slug:slug>/vurdering/fordeling/", assessing.assign, name="assign"),
    path("idestorme/<slug:slug>/vurdering/fordeling/tag-tilbage/", assessing.withdraw, name="take_back"),
    path("idestorme/<slug:slug>/vurdering/point/", assessing.scores, name="scores"),
    path("idestorme/<slug:slug>/vurdering/point.xlsx", assessing.points_file, name="points_file"),
    path("idestorme/<slug:storm>/vurdering/point/<slug:slug>/", assessing.idea_scores, name="idea_scores"),
    path("idestorme/<slug:slug>/vurdering/<uuid:uuid>/", assessing.assess, name="assess"),
    path("idestorme/<slug:slug>/vurdering/<uuid:uuid>/ikke-upartisk/", assessing.conflict, name="conflict"),
]
