"""Addresses of Innovationspraktik."""

from practicum.offers import urls as offers

app_name = "practicum"

urlpatterns = [
    *offers.urlpatterns,  # last: the slug of a place would take »ny«
]
