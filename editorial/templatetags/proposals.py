"""Small pieces of the pages of proposals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from editorial.proposals.fields import asked
from editorial.proposals.kinds import Step
from editorial.proposals.rows import SORTS, RowForm
from editorial.proposals.work import Work
from guards.pictures import picture_url, variant_name

register = template.Library()


@register.simple_tag
def work_url(work: Work, name: str) -> str:
    """One of the pages of a proposal."""
    return work.address(name)


@register.simple_tag
def work_alike(work: Work) -> str:
    """Where it is asked what looks alike."""
    return reverse(f"{work.way.area}:alike")


@register.simple_tag
def step_url(work: Work, step: Step) -> str:
    """A step's page."""
    return work.step_address(step)


@register.simple_tag
def proposal_picture(form: RowForm, pictures: list[dict[str, Any]]) -> SafeString | str:
    """The picture that a row is about, small."""
    name = form["name"].value()
    row = next((row for row in pictures if row["name"] == name), None)
    if row is None:
        return ""
    file = variant_name(row["name"], min(row["widths"])) if row["widths"] else row["name"]
    return format_html(
        '<img class="coi-thumb" src="{}" alt="{}" loading="lazy">', picture_url(file), row["alt"]
    )


@register.simple_tag
def part_names(work: Work, parts: Iterable[str]) -> str:
    """What parts are called, in the words of the steps."""
    return ", ".join(f"»{_name(work, part)}«" for part in parts)


def _name(work: Work, part: str) -> str:
    return str(SORTS[part].legend if part in SORTS else asked(part, work.kind)[0] or _("andet"))
