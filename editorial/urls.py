"""Addresses of the queue and of receipts."""

from django.urls import path

from editorial import membership_views, moderation, receipts_views, views
from editorial.confirming import views as confirming
from editorial.proposals import views as proposals

app_name = "editorial"

urlpatterns = [
    path("skriv/<uuid:uuid>/", views.report, name="report"),
    path("ret-fakta/<str:token>/", views.facts, name="facts"),
    path("er-det-rigtigt/<str:token>/", confirming.still_right, name="still_right"),
    path("kvittering/", receipts_views.receipt, name="receipt"),
    path("kvittering/ret/", receipts_views.correct, name="receipt_correct"),
    path("kvittering/traek-tilbage/", receipts_views.withdraw, name="receipt_withdraw"),
    path("kvittering/gem/", receipts_views.claim, name="receipt_claim"),
    path("kvittering/luk/", receipts_views.forget, name="receipt_forget"),
    path("min-side/bidrag/<uuid:uuid>/kvittering/", receipts_views.mine, name="my_receipt"),
    path("min-side/arbejdspladser/", membership_views.workplaces, name="workplaces"),
    path("min-side/arbejdspladser.json", proposals.workplaces, name="workplace_names"),
    path("min-side/arbejdspladser/find/", membership_views.find, name="find_workplace"),
    path("min-side/arbejdspladser/<slug:slug>/rolle/", membership_views.ask, name="ask_role"),
    path("min-side/arbejdspladser/<slug:slug>/kolleger/", membership_views.people, name="people"),
    path("min-side/arbejdspladser/<slug:slug>/link/", membership_views.make_vouch, name="make_vouch"),
    path("min-side/roller/<uuid:uuid>/svar/", membership_views.answer, name="answer_role"),
    path("min-side/roller/<uuid:uuid>/slut/", membership_views.leave, name="leave_role"),
    path("min-side/roller/<uuid:uuid>/bekraeft/", membership_views.confirm, name="confirm_role"),
    path("fra-en-kollega/<str:token>/", membership_views.vouch, name="vouch"),
    path("admin/moderation/", moderation.queue, name="queue"),
    path("admin/moderation/tal/", moderation.figures, name="figures"),
    path("admin/moderation/flere/", moderation.answer_many, name="answer_many"),
    path("admin/moderation/<uuid:uuid>/", moderation.item, name="item"),
    path("admin/moderation/<uuid:uuid>/tag/", moderation.take, name="take"),
    path("admin/moderation/<uuid:uuid>/giv-tilbage/", moderation.give_back, name="give_back"),
    path("admin/moderation/<uuid:uuid>/svar/", moderation.answer, name="answer"),
    path("admin/moderation/<uuid:uuid>/sag/", moderation.matter, name="matter"),
]
