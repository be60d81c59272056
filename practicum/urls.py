"""Addresses of Innovationspraktik."""

from practicum.direct import urls as direct
from practicum.staying import urls as staying

app_name = "practicum"

urlpatterns = [
    *direct.urlpatterns,
    *staying.urlpatterns,
]
