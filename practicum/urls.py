"""Addresses of Innovationspraktik."""

from practicum.approving import urls as approving
from practicum.offering import urls as offering
from practicum.offers import urls as offers

app_name = "practicum"

urlpatterns = [
    *approving.urlpatterns,
    *offering.urlpatterns,
    *offers.urlpatterns,  # last: the slug of a place would take »ny«
]
