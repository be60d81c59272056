"""Pages of the catalogue. Each view fetches, checks and answers; what a list means stands in catalogue.lists.

Context of the templates:
  entry_list.html     listing (search.listing.Listing), cards (catalogue.lists.Card), page, heading, intro, crumbs,
                      feed_url, exports; the partial #results is what htmx gets
  entry_detail.html   entry, sections, facts, changes (catalogue.effect), reuse_tree, related, can_edit, can_correct,
                      preview (the work that is previewed; a proposal or a change)
  collection_*.html   collections / collection, chapters
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from catalogue import effect
from catalogue.asking.actions import usual_answer_time
from catalogue.choices import KINDS
from catalogue.facts import key_facts
from catalogue.lists import cards, catalogue_listing
from catalogue.models import Collection, CollectionEntry, Entry
from catalogue.permissions import can_edit, can_view
from catalogue.related import related
from catalogue.reuse_tree import tree
from catalogue.sections import filled_sections
from editorial.choices import State
from editorial.models import ContentSlug, SubjectArea, Tag
from editorial.models.subjects import tag_of_address
from editorial.permissions import can_correct
from editorial.reading import count_reading
from search.listing import Listing, PageOutOfRange
from search.paging import past_the_end


def _list_page(request: HttpRequest, listing: Listing, **context: Any) -> HttpResponse:
    """A list of entries: the whole page, or for htmx its results; past the last page a 404 with a way back."""
    try:
        page = listing.page
    except PageOutOfRange as error:
        return past_the_end(request, listing, error, **context)
    context |= {"listing": listing, "page": page, "cards": cards(list(page.object_list), listing.hits)}
    template = "catalogue/entry_list.html"
    return render(request, f"{template}#results" if request.htmx else template, context)  # type: ignore[attr-defined]


@require_safe
@vary_on_headers("HX-Request")
def entry_list(request: HttpRequest) -> HttpResponse:
    """The catalogue."""
    return _list_page(request, catalogue_listing(request.GET), heading=_("Inspiration"))


@require_safe
@vary_on_headers("HX-Request")
def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything with a tag; the same list, narrowed for good. A merged tag's address leads to the one it became."""
    tag = Tag.objects.of_readable().filter(slug=slug).first()
    if tag is None:
        if (present := tag_of_address(slug)) is None or present.slug == slug:
            raise Http404
        return redirect(present.get_absolute_url(), permanent=True)
    listing = catalogue_listing(request.GET, emne=[tag.slug])
    return _list_page(request, listing, heading=capfirst(tag.name), tag=tag)


@require_safe
@vary_on_headers("HX-Request")
def subject_area_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything in a subject area."""
    area = get_object_or_404(SubjectArea, slug=slug)
    listing = catalogue_listing(request.GET, fagomraade=[area.slug])
    return _list_page(request, listing, heading=area.name, intro=area.description, subject_area=area)


@require_safe
def entry_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An entry by its slug; an old slug answers 301 to the present one."""
    entry = Entry.objects.for_page(slug=slug)
    if entry is None:
        former = get_object_or_404(
            ContentSlug.objects.select_related("content"), slug=slug, content__slug__isnull=False
        )
        found = get_object_or_404(Entry, pk=former.content_id)
        if not can_view(request.user, found):
            raise Http404
        return redirect(found.get_absolute_url(), permanent=True)
    return entry_page(request, entry)


@require_safe
def entry_preview(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """An entry by its uuid: how what was never published is seen; once public, it leads to its address."""
    entry = Entry.objects.for_page(uuid=uuid)
    if entry is None or not can_view(request.user, entry):
        raise Http404
    if entry.slug:
        return redirect(entry.get_absolute_url())
    return entry_page(request, entry)


def previewed_page(request: HttpRequest, uuid: UUID, **more: Any) -> HttpResponse:
    """An entry's page as a proposal shows it before it is sent."""
    entry = Entry.objects.for_page(uuid=uuid)
    if entry is None:
        raise Http404
    return entry_page(request, entry, **more)


def entry_page(request: HttpRequest, entry: Entry, **more: Any) -> HttpResponse:
    """An entry's page, for who may see it. `more` is for the template."""
    if not can_view(request.user, entry):
        raise Http404
    if entry.is_public and "preview" not in more:
        count_reading(request, content=entry)
    reuses = list(entry.reuses.all())  # those that may be shown
    changes = effect.changes(entry.measures.all())
    context = {
        "entry": entry,
        "sections": filled_sections(entry),
        "facts": key_facts(entry, reuses),
        "changes": changes,
        "changes_described": effect.described(changes) if changes else "",
        "reuse_tree": tree(reuses),
        "not_counted": not all(reuse.is_spread for reuse in reuses),
        "usual": usual_answer_time(entry.owner),
        "related": related(entry),
        "can_edit": can_edit(request.user, entry),
        "can_correct": entry.is_public and can_correct(request.user, entry),
        **more,
    }
    response = render(request, "catalogue/entry_detail.html", context)
    if not entry.is_public:
        add_never_cache_headers(response)  # what was taken down stays in nobody's cache
    return response


@require_safe
def collection_list(request: HttpRequest) -> HttpResponse:
    """All collections."""
    collections = Collection.objects.published().prefetch_related("chapters")[:100]
    return render(request, "catalogue/collection_list.html", {"collections": collections})


@require_safe
def collection_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A collection with its chapters; entries that are not public are left out."""
    collection = get_object_or_404(Collection.objects.published(), slug=slug)
    items = CollectionEntry.objects.filter(entry__state="published").order_by("position", "id")
    items = items.prefetch_related(Prefetch("entry", Entry.objects.with_card()))
    chapters = collection.chapters.prefetch_related(Prefetch("items", items, to_attr="shown"))
    return render(
        request, "catalogue/collection_detail.html", {"collection": collection, "chapters": chapters}
    )


@require_safe
def tag_list(request: HttpRequest) -> HttpResponse:
    """All tags and subject areas that something public has, with how much."""
    listing = catalogue_listing(QueryDict(), only=("fagomraade",))
    groups = {g.facet.name: g for g in listing.groups}
    public = Q(items__content_object__state=State.PUBLISHED, items__content_object__kind__in=KINDS)
    tags = Tag.objects.annotate(count=Count("items", filter=public)).filter(count__gt=0)[:500]
    context = {
        "tags": tags,
        "subject_areas": groups["fagomraade"].values,
        "catalogue_url": reverse("catalogue:list"),
    }
    return render(request, "catalogue/tag_list.html", context)
