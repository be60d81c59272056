"""Addresses of storms and ideas."""

from django.urls import path, re_path

from ideastorm import views
from ideastorm.answering import views as answering
from ideastorm.giving import views as giving
from ideastorm.results import views as results

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
    path("idestorme/<slug:slug>/resultater/", results.results, name="results"),
    re_path(r"^idestorme/(?P<slug>[-\w]+)/eksport\.(?P<kind>csv|json|xlsx)$", results.export, name="export"),
    path("idestorme/<slug:slug>/svar/", answering.overview, name="answers"),
    path("idestorme/<slug:slug>/svar/flere/", answering.answer_many, name="answer_many"),
    path("idestorme/<slug:slug>/svar/afslut/", answering.finish, name="finish"),
    path("idestorme/<slug:slug>/svar/droeftet/", answering.discussed, name="discussed"),
    path("idestorme/<slug:slug>/svar/<uuid:uuid>/", answering.answer, name="answer"),
    path("idestorme/<slug:slug>/svar/<uuid:uuid>/nyt/", answering.news, name="news"),
    path("idestorme/<slug:storm>/ideer/<slug:slug>/", views.idea_detail, name="idea"),
]
