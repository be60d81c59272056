"""Addresses of stays."""

from django.urls import path

from practicum.staying import views

urlpatterns = [
    path("praktik/ophold/<uuid:uuid>/", views.detail, name="stay"),
    path("praktik/ophold/<uuid:uuid>/svar/", views.answer, name="stay_answer"),
    path("praktik/ophold/<uuid:uuid>/aflys/", views.cancel, name="stay_cancel"),
    path("praktik/ophold/<uuid:uuid>/kalender.ics", views.calendar, name="calendar"),
    path("praktik/ophold/<uuid:uuid>/aftale/", views.agreement, name="agreement"),
    path("praktik/ophold/<uuid:uuid>/aftale/ret/", views.edit, name="agreement_edit"),
    path("praktik/ophold/<uuid:uuid>/aftale/godkend/", views.sign, name="agreement_sign"),
    path("praktik/ophold/<uuid:uuid>/evaluering/", views.evaluate, name="evaluate"),
    path("praktik/ophold/<uuid:uuid>/brugt/", views.used, name="used"),
    path("praktik/ophold/<uuid:uuid>/bevis/", views.certificate, name="certificate"),
]
