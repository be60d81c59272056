"""The portal's own texts: what it is, how it treats data, how accessible it is."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Show what the portal and the centre are, and where the open data is."""
    return render(request, "coi/about.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what this version of the portal stores about people, and their rights."""
    cookies = {"session_cookie": settings.SESSION_COOKIE_NAME, "csrf_cookie": settings.CSRF_COOKIE_NAME}
    return render(request, "coi/privacy.html", cookies)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement that the Danish law asks for."""
    return render(request, "coi/accessibility.html")


@require_safe
def was(request: HttpRequest) -> HttpResponse:
    """Lead from the shortcut that Danish public sites share for the accessibility statement."""
    return redirect("accessibility", permanent=True)
