"""Addresses of the matching, the round's dashboard and its public figures."""

from django.urls import path

from practicum.running import dashboard, public, views

urlpatterns = [
    path("praktik/parring/<int:year>/", views.matching, name="matching"),
    path("praktik/parring/<int:year>/<int:number>/send/", views.send, name="matching_send"),
    path("praktik/parring/<int:year>/<int:number>/parring.xlsx", views.export, name="matching_export"),
    path("praktik/parring/<int:year>/gaest/<uuid:uuid>/", views.guest, name="matching_guest"),
    path("praktik/parring/<int:year>/rettelser/<uuid:uuid>/fjern/", views.unpin, name="matching_unpin"),
    path("praktik/overblik/<int:year>/", dashboard.dashboard, name="dashboard"),
    path("praktik/overblik/<int:year>/<str:what>.<str:kind>", dashboard.export, name="dashboard_export"),
    path("praktik/runder/<int:year>/", public.figures, name="figures"),
    path("praktik/runder/<int:year>/tal.<str:kind>", public.export, name="figures_export"),
]
