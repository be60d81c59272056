"""Pages of the innovation landscape: workplaces."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from editorial.choices import Kind
from editorial.models import Content
from places.models import Workplace, WorkplaceSlug

SHOWN = 50
"""Content rows on a workplace's page; the rest are found in the lists."""


@require_safe
def workplace_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A workplace: what it is called and was called, where it belongs, what became of it, and what it shares.

    Context: workplace, periods (former names), successors, predecessors, children, and as Content rows
    owned, takes_part, stories.
    An old slug answers 301.
    """
    workplace = Workplace.objects.with_place().filter(slug=slug).first()
    if workplace is None:
        former = get_object_or_404(WorkplaceSlug.objects.select_related("workplace"), slug=slug)
        if former.workplace is None:
            raise Http404
        return redirect(former.workplace.get_absolute_url(), permanent=True)
    content = Content.objects.published().with_card()
    context = {
        "workplace": workplace,
        "periods": [p for p in workplace.periods.all() if p.name != workplace.name],
        "successors": workplace.successions.select_related("successor"),
        "predecessors": workplace.predecessions.select_related("predecessor"),
        "children": workplace.children.active()[:SHOWN],
        "owned": content.filter(owner=workplace).exclude(kind=Kind.STORY)[:SHOWN],
        "stories": content.filter(owner=workplace, kind=Kind.STORY)[:SHOWN],
        "takes_part": content.filter(participants=workplace).exclude(owner=workplace)[:SHOWN],
    }
    return render(request, "mapping/workplace_detail.html", context)
