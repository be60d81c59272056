"""Answers when something goes wrong, in Danish: templates 400.html, 403.html, 404.html, 500.html."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import TemplateDoesNotExist, loader
from django.utils.translation import gettext as _
from django.views import defaults

from coi.logs import request_id
from guards.middleware import typed

PLAIN = (
    '<!DOCTYPE html><html lang="da"><meta charset="utf-8">'
    "<title>{title}</title><h1>{title}</h1><p>{text}</p></html>"
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without asking the database: the template gets no request, only the id to quote."""
    found: dict[str, Any] = {"request_id": request_id.get()}
    try:
        return HttpResponseServerError(loader.get_template("500.html").render(found))
    except Exception:
        text = _("Der er sket en fejl hos os. Prøv igen om lidt.")
        return HttpResponseServerError(PLAIN.format(title=_("Noget gik galt"), text=text))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 when a form's token is missing or old; the template tells how to send it again, and what was typed."""
    try:
        template = loader.get_template("403_csrf.html")
    except TemplateDoesNotExist:
        text = _(
            "Siden har været åben for længe, eller din browser afviser cookies. Gå tilbage, og send igen."
        )
        return HttpResponse(
            PLAIN.format(title=_("Vi kunne ikke tage imod det, du sendte"), text=text), status=403
        )
    # Another site may post anything here; only what our own page sent is shown again.
    site = f"{request.scheme}://{request.get_host()}"
    came_from = request.headers.get("Referer", "")
    form = came_from if came_from.startswith(f"{site}/") else ""
    ours = request.headers.get("Origin", site if form else "") == site
    context = {"typed": typed(request) if ours else [], "form": form}
    return HttpResponse(template.render(context, request), status=403, headers={"Cache-Control": "no-store"})
