"""The answer to who has used up a limit: status 429, when one may try again, and what was typed."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.forms import BaseForm, ClearableFileInput, FileInput, PasswordInput
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template import loader
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guards.ratelimits import TooManyRequests

log = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]

# Without the form we only know names: what may be a secret, or was never typed, is left out.
_NEVER = re.compile(
    r"pass|kode|code|pwd|pin|otp|token|secret|hemmelig|key|noegle|csrf|once|aabnet|next|hjemmeside", re.I
)
_TYPED_AT_LEAST = 20
_MOST = 100_000


class TooManyRequestsPage:
    """Turns TooManyRequests into the page »Det gik lidt for hurtigt«, or into a short text where a script asked."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass it on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 429; every other error goes its own way."""
        return answer(request, exception) if isinstance(exception, TooManyRequests) else None


def answer(request: HttpRequest, error: TooManyRequests) -> HttpResponse:
    """The answer 429, never stored by anybody."""
    log.warning("the limit %s is reached", error.name)
    again = timezone.now() + timedelta(seconds=error.retry_after)
    wait, clock = in_words(error.retry_after), at_clock(again)
    short = _("Det gik lidt for hurtigt. Prøv igen %(wait)s.") % {"wait": wait}
    accept = request.headers.get("Accept", "")
    response: HttpResponse
    if "application/json" in accept and "text/html" not in accept:
        response = JsonResponse({"error": short, "retry_after": error.retry_after}, status=429)
    elif request.headers.get("HX-Request") or "text/html" not in accept:
        response = HttpResponse(short, status=429, content_type="text/plain; charset=utf-8")
    else:
        context = {
            "wait": wait,
            "clock": clock,
            "typed": typed(request, error.form),
            "files": bool(_files(request)),
        }
        response = HttpResponse(loader.get_template("429.html").render(context, request), status=429)
    response["Retry-After"] = str(error.retry_after)
    response["Cache-Control"] = "no-store"
    return response


def typed(request: HttpRequest, form: BaseForm | None = None) -> list[tuple[str, str]]:
    """What a person typed, with a label each, to copy: never passwords, never hidden fields.

    With the form at hand, its visible fields; else only longer text, since the names alone do not tell what is hidden.
    """
    if request.method != "POST":
        return []
    if form is not None:
        return [
            (str(bound.label), value)
            for bound in form.visible_fields()
            if not isinstance(bound.field.widget, PasswordInput | FileInput | ClearableFileInput)
            and not _NEVER.search(bound.name)
            and isinstance(value := bound.data, str)
            and value.strip()
            and len(value) <= _MOST
        ]
    secret = getattr(request, "sensitive_post_parameters", [])
    if secret == "__ALL__":  # noqa: S105 - Django's word for all
        return []
    try:
        posted = request.POST.lists()
    except (UnreadablePostError, RequestDataTooBig, TooManyFieldsSent, MultiPartParserError):
        return []
    texts = [
        value
        for name, values in posted
        if not _NEVER.search(name) and name not in secret
        for value in values
        if _TYPED_AT_LEAST <= len(value) <= _MOST and re.search(r"\s", value.strip())
    ]
    return [
        (_("Tekst %(number)s") % {"number": number}, text) for number, text in enumerate(texts[:50], start=1)
    ]


def in_words(seconds: int) -> str:
    """How long that is: »om 20 sekunder«, »om 3 minutter«, »om 2 timer«. Rounded up."""
    if seconds < 60:
        return ngettext("om %(n)s sekund", "om %(n)s sekunder", seconds) % {"n": seconds}
    if seconds <= 90 * 60:
        minutes = math.ceil(seconds / 60)
        return ngettext("om %(n)s minut", "om %(n)s minutter", minutes) % {"n": minutes}
    hours = math.ceil(seconds / 3600)
    return ngettext("om %(n)s time", "om %(n)s timer", hours) % {"n": hours}


def at_clock(moment: datetime) -> str:
    """The time of day in Denmark, rounded up to the minute: »kl. 14.05«, »i morgen kl. 8.30«.

    With a blank after »kl.« at which no line ends.
    """
    local = timezone.localtime(moment)
    if local.second or local.microsecond:
        local = timezone.localtime(moment + timedelta(seconds=60)).replace(second=0, microsecond=0)
    clock = date_format(local, "G.i")
    days = (local.date() - timezone.localdate()).days
    if days == 0:
        return _("kl.\u00a0%(clock)s") % {"clock": clock}
    if days == 1:
        return _("i morgen kl.\u00a0%(clock)s") % {"clock": clock}
    return _("%(day)s kl.\u00a0%(clock)s") % {"day": date_format(local, "l j. F"), "clock": clock}


def _files(request: HttpRequest) -> list[str]:
    try:
        return list(request.FILES)
    except (UnreadablePostError, RequestDataTooBig, TooManyFieldsSent, MultiPartParserError):
        return []
