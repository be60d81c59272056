"""All addresses of the portal. Each area brings its own; here stands only what belongs to the whole site."""

from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe

from coi import home, my_page, pages, search, suggestions, views
from coi.personal_data import views as personal_data
from coi.sitemaps import SITEMAPS

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("om/", pages.about, name="about"),
    path("om/privatliv/", pages.privacy, name="privacy"),
    path("om/tilgaengelighed/", pages.accessibility, name="accessibility"),
    path("min-side/mine-data/", personal_data.my_data, name="my_data"),
    path("min-side/slet-konto/", personal_data.delete_account, name="delete_account"),
    path("konto/slettet/", personal_data.account_deleted, name="account_deleted"),
    path("was", pages.was, name="was"),
    path("media/<path:path>", views.media, name="media"),
    path("", include("editorial.urls")),
    path("", include("catalogue.urls")),
    path("min-side/", my_page.my_page, name="my_page"),
    path("min-side/bidrag/<uuid:uuid>/", my_page.my_contribution, name="my_contribution"),
    path("konto/", include("accounts.urls")),
    path("", home.home, name="home"),
    path("soeg/", search.search, name="search"),
    path("forslag.json", suggestions.suggestions, name="suggestions"),
    path("sitemap.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("", include("mapping.urls")),
    path("", include("ideastorm.urls")),
    path("", include("practicum.urls")),
    path("", include("notices.urls")),
    # Last, for it answers to everything below admin/ that is not named above.
    path("admin/", admin.site.urls),
]

handler400 = "coi.errors.bad_request"
handler403 = "coi.errors.forbidden"
handler404 = "coi.errors.not_found"
handler500 = "coi.errors.server_error"
