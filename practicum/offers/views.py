"""Pages of practicum places.

Context of the templates (templates/practicum/offers/):
  offer_list.html   year (practicum.offers.year.Year), listing, cards (OfferCard), page, saved (SavedSearch of this very
                    choice, or None); the partial #results is what htmx gets
  offer.html        offer, shown, sections, certificates, entries (public ones), ways, preview and preview_back while
                    it is being written
  saved.html        rows (SavedSearch with its words)
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.models import User
from editorial.models import ContentSlug
from editorial.reading import count_reading
from guards.ratelimits import limit
from notices.events import Event
from notices.models import Preference
from places.areas import Geography
from practicum.models import Offer, SavedSearch
from practicum.offers import saving
from practicum.offers.lists import OfferListing, offer_cards
from practicum.offers.sections import certificates, filled_sections
from practicum.offers.showing import shown
from practicum.offers.ways import ways
from practicum.offers.year import year_now
from practicum.permissions import can_view_offer
from search.listing import PageOutOfRange
from search.paging import past_the_end


@require_safe
@vary_on_headers("HX-Request")
def offer_list(request: HttpRequest) -> HttpResponse:
    """Where in the year we are, what one can do now, and the places offered."""
    listing = OfferListing(request.GET)
    try:
        page = listing.page
    except PageOutOfRange as error:
        return past_the_end(request, listing, error, heading=_("Innovationspraktik"))
    asked = saving.asked(listing)
    context: dict[str, Any] = {
        "listing": listing,
        "page": page,
        "cards": offer_cards(list(page.object_list), listing),
        "asked": asked,
        "saved": SavedSearch.objects.of(request.user).filter(querystring=asked).first()
        if isinstance(request.user, User)
        else None,
    }
    template = "practicum/offers/offer_list.html"
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, f"{template}#results", context)
    return render(request, template, {**context, "year": year_now()})


@require_safe
def offer_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A place by its slug; an old slug answers 301 to the present one."""
    offer = Offer.objects.with_page().filter(slug=slug).first()
    if offer is None:
        former = get_object_or_404(ContentSlug, slug=slug, content__slug__isnull=False)
        found = get_object_or_404(Offer.objects.select_related("owner"), pk=former.content_id)
        if not can_view_offer(request.user, found):
            raise Http404
        return redirect(found.get_absolute_url(), permanent=True)
    return offer_page(request, offer)


@require_safe
def offer_preview(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A place by its uuid: how it is seen before it is public; then it leads to its address."""
    offer = Offer.objects.with_page().filter(uuid=uuid).first()
    if offer is None or not can_view_offer(request.user, offer):
        raise Http404
    if offer.slug:
        return redirect(offer.get_absolute_url())
    return offer_page(request, offer)


def previewed_page(request: HttpRequest, uuid: UUID, **more: Any) -> HttpResponse:
    """A place as a proposal shows it before it is sent."""
    offer = Offer.objects.with_page().filter(uuid=uuid).first()
    if offer is None:
        raise Http404
    return offer_page(request, offer, **more)


def offer_page(request: HttpRequest, offer: Offer, **more: Any) -> HttpResponse:
    """The page of a place, for who may see it. `more` is for the template."""
    if not can_view_offer(request.user, offer):
        raise Http404
    if offer.is_public and "preview" not in more:
        count_reading(request, content=offer)
    said = shown(offer, Geography.current())
    context = {
        "offer": offer,
        "shown": said,
        "sections": filled_sections(offer),
        "certificates": certificates(offer),
        "entries": [row.entry for row in offer.seen_entries.all() if row.entry.is_public],
        "ways": ways(request.user, offer, said),
        **more,
    }
    response = render(request, "practicum/offers/offer.html", context)
    if not offer.is_public:
        add_never_cache_headers(response)  # what was taken down stays in nobody's cache
    elif request.user.is_authenticated:
        patch_cache_control(response, private=True)
    return response


# -- saved searches -----------------------------------------------------------


@require_POST
@never_cache
def save(request: HttpRequest) -> HttpResponse:
    """Be told of new places like those of `valg`; who is not logged in is asked to, and comes back to the list."""
    listing = OfferListing(QueryDict(request.POST.get("valg", "")[: 2 * saving.LONGEST].lstrip("?")))
    page = reverse("practicum:list") + listing.querystring().rstrip("?")
    if not isinstance(request.user, User):
        messages.info(request, _("Log ind, og tryk igen, så giver vi dig besked om nye pladser."))
        return redirect_to_login(page)
    limit(request, "follow")
    try:
        saving.save(request.user, saving.asked(listing))
    except saving.NotSavedError as error:
        messages.error(request, str(error))
        return redirect(page)
    often = Preference.objects.frequency(request.user, Event.FOLLOWS)
    messages.success(
        request,
        _("Du får besked, når der kommer nye pladser, der passer (mail: %s). Du kan stoppe med ét klik.")
        % often.label.lower(),
    )
    return redirect(page + "#pladser")


@require_POST
@never_cache
@login_required
def stop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Not be told any more. Twice is once."""
    limit(request, "follow")
    assert isinstance(request.user, User)
    SavedSearch.objects.of(request.user).filter(uuid=uuid).delete()
    messages.success(request, _("Du får ikke mere besked om de pladser."))
    return redirect("practicum:saved")


@require_safe
@never_cache
@login_required
def saved(request: HttpRequest) -> HttpResponse:
    """What I am told of, and a button to stop each."""
    assert isinstance(request.user, User)
    return render(request, "practicum/offers/saved.html", {"rows": saving.rows_in_words(request.user)})
