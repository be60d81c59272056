"""Addresses of Innovationspraktik."""

from practicum.applying import urls as applying
from practicum.approving import urls as approving
from practicum.direct import urls as direct
from practicum.hosting import urls as hosting
from practicum.offering import urls as offering
from practicum.offers import urls as offers
from practicum.running import urls as running
from practicum.shortage import urls as shortage
from practicum.staying import urls as staying
from practicum.wishing import urls as wishing

app_name = "practicum"

urlpatterns = [
    *direct.urlpatterns,
    *staying.urlpatterns,
    *applying.urlpatterns,
    *hosting.urlpatterns,
    *wishing.urlpatterns,
    *shortage.urlpatterns,
    *approving.urlpatterns,
    *offering.urlpatterns,
    *running.urlpatterns,
    *offers.urlpatterns,  # last: the slug of a place would take »ny«
]
