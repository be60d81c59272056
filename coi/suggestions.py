"""Suggestions while somebody types: titles, tags and workplaces, as JSON."""

from __future__ import annotations

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coi.search import PLURALS, SINGULARS, WORKPLACE
from editorial.models import Content, Tag
from editorial.slugs import danish_slug
from places.models import Workplace
from search.mirror import Mirror, current
from search.query import clean
from search.selection import Selection
from search.suggestions import LONGEST, SHORTEST, titles

TITLES, TAGS, WORKPLACES = 5, 3, 3
"""Suggestions of each sort."""


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """{"q": what was typed, "forslag": [{"titel", "url", "slags", "type"}]}: at most eleven, best first.

    `slags` is the heading they stand under, `type` the value of the parameter of that name, or `emne`.
    """
    q = clean(request.GET.get("q", ""))
    found: list[dict[str, str]] = []
    if len(q) >= SHORTEST:
        mirror = current()
        found = [*_titles(q, mirror), *_tags(q, mirror), *_workplaces(q, mirror)]
    response = JsonResponse({"q": q, "forslag": found}, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, no_store=True)  # what is hidden is gone at the next letter
    response["X-Robots-Tag"] = "noindex"
    return response


def _titles(q: str, mirror: Mirror) -> list[dict[str, str]]:
    kinds = [kind for kind in PLURALS if kind != WORKPLACE]
    keys = titles(q, Selection.of_kinds(kinds, mirror), TITLES)
    rows = Content.objects.published().filter(document__in=keys).annotate(key=F("document")) if keys else []
    found = {row.key: row for row in rows}  # type: ignore[attr-defined]
    return [
        _suggestion(row.title, row.get_absolute_url(), SINGULARS[row.kind], row.kind)
        for key in keys
        if (row := found.get(key))
    ]


def _tags(q: str, mirror: Mirror) -> list[dict[str, str]]:
    """Tags that something public has and whose name, or a synonym's, has a word that begins so."""
    slug, text = danish_slug(q[:LONGEST]), q[:LONGEST]
    begins = Q(name__istartswith=text) | Q(name__icontains=f" {text}") | Q(synonyms__name__istartswith=text)
    if slug:
        begins |= Q(slug__startswith=slug) | Q(slug__contains=f"-{slug}")
    in_use = mirror.several["tags"].counts(mirror.live)
    tags = sorted(
        Tag.objects.filter(begins, slug__in=list(in_use)).distinct()[:200], key=lambda tag: -in_use[tag.slug]
    )
    return [_suggestion(tag.name, tag.get_absolute_url(), _("Emne"), "emne") for tag in tags[:TAGS]]


def _workplaces(q: str, mirror: Mirror) -> list[dict[str, str]]:
    keys = titles(q, Selection.of_kinds([WORKPLACE], mirror), WORKPLACES)
    rows = Workplace.objects.filter(document__in=keys).annotate(key=F("document")) if keys else []
    found = {row.key: row for row in rows}  # type: ignore[attr-defined]
    return [
        _suggestion(row.name, row.get_absolute_url(), SINGULARS[WORKPLACE], WORKPLACE)
        for key in keys
        if (row := found.get(key))
    ]


def _suggestion(title: str, url: str, sort: object, kind: str) -> dict[str, str]:
    return {"titel": title, "url": url, "slags": str(sort), "type": kind}
