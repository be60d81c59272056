"""Small pieces of markup that pages share: icons, type marks, dates, breadcrumbs, page numbers."""

import datetime
from collections.abc import Iterator
from typing import TypedDict

from django import template
from django.core.paginator import Page
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial.models import Picture
from guards.pictures import picture_url, srcset

register = template.Library()

DAYS_COUNTED = 45
DAYS_COUNTED_AS_MONTHS = 730


@register.simple_tag
def icon(name: str, css_class: str = "", label: str = "") -> SafeString:
    """Return one of dkfds' icons. Decoration unless `label` says what it means.

    The sprite is referred to, not put into each page: it is 50 kB and the browser keeps it.
    """
    classes = f"icon-svg {css_class}".strip()
    href = f"{static('vendor/dkfds/img/all-svg-icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" focusable="false" role="img" aria-label="{}"><use href="{}"></use></svg>',
            classes,
            label,
            href,
        )
    return format_html(
        '<svg class="{}" focusable="false" aria-hidden="true"><use href="{}"></use></svg>', classes, href
    )


@register.simple_tag
def type_mark(kind: str, size: str = "") -> SafeString:
    """Return the drawing of an entry type (`kind` as stored). `size`: "s" 24 px, "m" 48 px, else 64 px.

    Always decoration: the word stands beside it.
    """
    classes = f"coi-mark coi-mark--{size}" if size else "coi-mark"
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        static("img/types.svg"),
        kind,
    )


def time_since(day: datetime.date, today: datetime.date) -> str:
    """Return how long ago `day` was in one unit: "i dag", "for 19 dage siden"; empty for a day to come."""
    days = (today - day).days
    if days < 0:
        return ""
    if days == 0:
        return _("i dag")
    if days == 1:
        return _("i går")
    if days <= DAYS_COUNTED:
        return ngettext("for %(n)d dag siden", "for %(n)d dage siden", days) % {"n": days}
    if days <= DAYS_COUNTED_AS_MONTHS:
        months = round(days / 30.44)
        return ngettext("for %(n)d måned siden", "for %(n)d måneder siden", months) % {"n": months}
    years = round(days / 365.25)
    return ngettext("for %(n)d år siden", "for %(n)d år siden", years) % {"n": years}


@register.simple_tag
def danish_date(value: datetime.date | datetime.datetime | None, relative: bool = False) -> SafeString | str:
    """Return a date as `<time>`, written out; with `relative=True` followed by how long ago in brackets.

    A moment is shown as its day in the site's time zone, with the clock on hover. None gives nothing.
    """
    if value is None:
        return ""
    day: datetime.date
    if isinstance(value, datetime.datetime):
        moment = timezone.localtime(value) if timezone.is_aware(value) else value
        day, exact = moment.date(), moment.isoformat(timespec="minutes")
        title = formats.date_format(moment, "j. F Y \\k\\l. H.i")
    else:
        day, exact = value, value.isoformat()
        title = formats.date_format(value, "l \\d\\e\\n j. F Y")
    shown = format_html(
        '<time datetime="{}" title="{}">{}</time>',
        exact,
        title,
        formats.date_format(day, "j. F Y"),
    )
    since = time_since(day, timezone.localdate()) if relative else ""
    return format_html("{} ({})", shown, since) if since else shown


class Crumb(TypedDict):
    """One step of a breadcrumb; the last has no address."""

    title: str
    url: str


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*steps: str) -> dict[str, list[Crumb]]:
    """Show where the page is: title, address, title, address …, title of this page. The front page is implied."""
    parts = [str(step) for step in steps]
    titles, urls = parts[::2], [*parts[1::2], ""]
    return {"crumbs": [Crumb(title=title, url=url) for title, url in zip(titles, urls, strict=True)]}


@register.simple_tag
def page_numbers(page: Page) -> Iterator[int | str]:
    """Return the page numbers to show around `page`, with an ellipsis where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag
def picture(row: Picture, sizes: str = "100vw") -> SafeString:
    """Return a stored picture with its smaller versions; `sizes` tells the browser how wide it is shown."""
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}" alt="{}" width="{}" height="{}" loading="lazy" decoding="async">',
        picture_url(row.name),
        srcset(row.name, row.widths, full_width=row.width),
        sizes,
        row.alt,
        str(row.width),
        str(row.height),
    )
