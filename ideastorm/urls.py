"""Addresses of storms and ideas."""

from django.urls import path

from ideastorm import views
from ideastorm.assessing import views as assessing
from ideastorm.giving import views as giving
from ideastorm.joining import views as joining

app_name = "ideastorm"

urlpatterns = [
    path("idestorme/", views.storm_list, name="list"),
    path("idestorme/ideer/<uuid:uuid>/", views.idea_preview, name="idea_preview"),
    path("idestorme/ideer/<slug:slug>/", views.any_idea, name="any_idea"),
    path("idestorme/<uuid:uuid>/", views.storm_preview, name="storm_preview"),
    path("idestorme/<slug:slug>/", views.storm_detail, name="storm"),
    path("idestorme/<slug:slug>/ny/", giving.give, name="give"),
    path("idestorme/<slug:slug>/ny/tak/", giving.given, name="given"),
    path("idestorme/<slug:slug>/invitation/<str:code>/", giving.invitation, name="invitation"),
    path("idestorme/<slug:storm>/ideer/<slug:slug>/", views.idea_detail, name="idea"),
    path("idestorme/<slug:storm>/ideer/<slug:slug>/saml/", joining.merge, name="merge"),
    path("idestorme/<slug:storm>/ideer/<slug:slug>/skil/", joining.unmerge, name="unmerge"),
    path("idestorme/<slug:slug>/vurdering/", assessing.my_list, name="assessing"),
    path("idestorme/<slug:slug>/vurdering/fordeling/", assessing.assign, name="assign"),
    path("idestorme/<slug:slug>/vurdering/fordeling/tag-tilbage/", assessing.withdraw, name="take_back"),
    path("idestorme/<slug:slug>/vurdering/point/", assessing.scores, name="scores"),
    path("idestorme/<slug:storm>/vurdering/point/<slug:slug>/", assessing.idea_scores, name="idea_scores"),
    path("idestorme/<slug:slug>/vurdering/<uuid:uuid>/", assessing.assess, name="assess"),
    path("idestorme/<slug:slug>/vurdering/<uuid:uuid>/ikke-upartisk/", assessing.conflict, name="conflict"),
]
