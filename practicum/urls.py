"""Addresses of Innovationspraktik."""

from practicum.running import urls as running

app_name = "practicum"

urlpatterns = [
    *running.urlpatterns,
]
