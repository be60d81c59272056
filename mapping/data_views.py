"""`/kort/data.geojson`: what the script of the map draws, for a part of the map and a zoom."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mapping.geojson import answer
from mapping.grid import MAX_ZOOM, Box

NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")
ACCEPTS_GZIP = re.compile(r"\bgzip\b")


class WrongParameter(ValueError):  # noqa: N818 - reads better where it is caught
    """A parameter that cannot be understood; the sentence says what it should be."""

    def __init__(self, parameter: str, sentence: str) -> None:
        self.parameter, self.sentence = parameter, sentence
        super().__init__(sentence)


@require_safe
def data(request: HttpRequest) -> HttpResponseBase:
    """Clusters and single rows as GeoJSON. Parameters: those of the list, `zoom`, and `bbox` for a part of the map.

    The body is the same for everybody, so nothing of the visitor is looked at. A browser asks each time, and gets 304
    as long as nothing has changed: what was taken down is gone with the next question.
    """
    try:
        made = answer(request.GET, request.META.get("QUERY_STRING", ""), _part)
    except WrongParameter as error:
        return refused(error)
    zipped = bool(ACCEPTS_GZIP.search(request.headers.get("Accept-Encoding", "")))
    response = HttpResponse(
        made.compressed if zipped else made.body, content_type="application/geo+json", headers=_headers()
    )
    patch_vary_headers(response, ["Accept-Encoding"])
    tag = f'"{made.tag}-gzip"' if zipped else f'"{made.tag}"'
    response["ETag"] = tag
    if zipped:
        response["Content-Encoding"] = "gzip"
    return get_conditional_response(request, etag=tag, response=response) or response


def _part(params: QueryDict) -> tuple[Box | None, int]:
    zoom = zoom_of(params.get("zoom", ""))
    return box_of(params.get("bbox", "")) if "bbox" in params else None, zoom


def _headers() -> dict[str, str]:
    return {"Cache-Control": "no-cache", "X-Robots-Tag": "noindex"}


def refused(error: WrongParameter) -> HttpResponse:
    """400 that names the parameter and says in Danish what is wrong."""
    problem = {"title": str(_("Forkert parameter")), "status": 400}
    problem |= {"parameter": error.parameter, "fejl": error.sentence}
    return JsonResponse(
        problem,
        status=400,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
        headers=_headers(),
    )


def zoom_of(text: str) -> int:
    """The zoom. Raises WrongParameter."""
    if not (re.fullmatch(r"[0-9]{1,2}", text) and int(text) <= MAX_ZOOM):
        sentence = _("»zoom« skal være et helt tal fra 0 til %(most)s, f.eks. zoom=7.") % {"most": MAX_ZOOM}
        raise WrongParameter("zoom", sentence)
    return int(text)


def box_of(text: str) -> Box:
    """The part of the map between »west,south,east,north«. Raises WrongParameter."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 4:
        raise WrongParameter(
            "bbox",
            _(
                "»bbox« skal være fire tal med komma imellem: vest,syd,øst,nord, f.eks. bbox=8,54.5,15.2,57.8."
            ),
        )
    sides = (_("vest"), _("syd"), _("øst"), _("nord"))
    for side, part in zip(sides, parts, strict=True):
        if not NUMBER.fullmatch(part):
            sentence = _("»bbox«: %(side)s er ikke et tal. Skriv grader med punktum, f.eks. 10.25.")
            raise WrongParameter("bbox", sentence % {"side": side})
    west, south, east, north = map(float, parts)
    for side, value, most in zip(sides, (west, south, east, north), (180, 90, 180, 90), strict=True):
        if abs(value) > most:
            sentence = _("»bbox«: %(side)s skal ligge mellem -%(most)s og %(most)s.")
            raise WrongParameter("bbox", sentence % {"side": side, "most": most})
    if west >= east:
        raise WrongParameter(
            "bbox", _("»bbox«: vest skal være mindre end øst. Rækkefølgen er vest,syd,øst,nord.")
        )
    if south >= north:
        raise WrongParameter(
            "bbox", _("»bbox«: syd skal være mindre end nord. Rækkefølgen er vest,syd,øst,nord.")
        )
    return Box.of(west, south, east, north)
