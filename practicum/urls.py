"""Addresses of Innovationspraktik."""

from practicum.applying import urls as applying
from practicum.hosting import urls as hosting
from practicum.shortage import urls as shortage
from practicum.wishing import urls as wishing

app_name = "practicum"

urlpatterns = [
    *applying.urlpatterns,
    *hosting.urlpatterns,
    *wishing.urlpatterns,
    *shortage.urlpatterns,
]
