"""Two versions of content side by side: which parts differ, and which words in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils import formats
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from editorial.choices import Outcome, QueueKind, State
from editorial.models import Content, SubjectArea

LONGEST = 3000
"""Words of one part that are compared one by one; longer parts are shown whole, struck out and new."""

WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class DiffRow:
    """One part: its label, and the two texts with what went and what came marked."""

    label: str
    before: SafeString
    after: SafeString


ACTIONS: dict[str, Any] = {}
"""Action in the log of decisions → what it is called; an area adds its own in AppConfig.ready."""


def named(action: str) -> str:
    """What a line of the log of decisions is called."""
    labels = {
        **dict(State.choices),
        **dict(Outcome.choices),
        "filed": _("Journaliseret"),
        "cleared": _("Slettet, fordi fristen var gået"),
        **ACTIONS,
    }
    kind, dash, outcome = action.partition("-")
    if dash and kind in QueueKind.values and kind != QueueKind.CHANGE:
        told = {
            "report-approved": _("der er gjort noget ved det"), "report-rejected": _("siden bliver stående"),
            "withdrawal-approved": _("siden er fjernet"), "withdrawal-rejected": _("siden bliver stående"),
        }  # fmt: skip
        return f"{QueueKind(kind).label}: {told.get(action) or str(labels.get(outcome, outcome)).lower()}"
    key = action.removeprefix("change-")
    name = str(labels.get(key, action))
    return _("Ændring: %s") % name.lower() if key != action else name


def marked(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Both texts escaped, with <del> round what went and <ins> round what came, word by word."""
    a, b = WORD.findall(before), WORD.findall(after)
    if len(a) + len(b) > LONGEST:
        moves: list[tuple[str, int, int, int, int]] = [("replace", 0, len(a), 0, len(b))]
    else:
        moves = list(SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes())
    left: list[str] = []
    right: list[str] = []
    for move, a1, a2, b1, b2 in moves:
        old, new = escape("".join(a[a1:a2])), escape("".join(b[b1:b2]))
        if move == "equal":
            left.append(old)
            right.append(new)
            continue
        left.append(f"<del>{old}</del>" if old.strip() else old)
        right.append(f"<ins>{new}</ins>" if new.strip() else new)
    return _lines("".join(left)), _lines("".join(right))


def _lines(html: str) -> SafeString:
    """Line breaks as the reader wrote them; `html` is escaped already."""
    return mark_safe(html.replace("\n", "<br>"))


def shown(content: Content, part: str, value: Any) -> str:
    """A part's value as text: labels for choices, names for keys, one line for each row."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, list):
        return "\n".join(_row(content, part, row) for row in value)
    return _value(content.type(), part, value)


def _value(model: Any, name: str, value: Any) -> str:
    """What a column of a model holds: the name of the row it points at, the label of a choice, else as it is."""
    try:
        field: Any = model._meta.get_field(name.removesuffix("_id"))
    except FieldDoesNotExist:
        return str(value)
    if field.is_relation:
        row = field.related_model._default_manager.filter(pk=value).first()
        return str(row) if row else str(value)
    if isinstance(value, bool):
        return str(_("Ja") if value else _("Nej"))
    if field.get_internal_type() == "DateField":  # a snapshot holds it as text
        return formats.date_format(field.to_python(value), "j. F Y")
    return str(dict(field.flatchoices).get(value, value))


NOT_READ = ("position", "width", "height", "widths", "checked_on")
"""Columns of rows that say nothing to a reader."""


def _row(content: Content, part: str, row: Any) -> str:
    if isinstance(row, dict):
        try:
            model: Any = content.type()._meta.get_field(part).related_model
        except FieldDoesNotExist:
            model = content.type()
        hidden = (*NOT_READ, "name") if part == "pictures" else NOT_READ  # a picture's name is its file's
        cells = (
            _value(model, name, cell)
            for name, cell in row.items()
            if cell not in (None, "", []) and name not in hidden
        )
        return " · ".join(cells) or (_("Billede uden tekst") if part == "pictures" else "")
    try:
        field: Any = content.type()._meta.get_field(part)
    except FieldDoesNotExist:
        return str(row)
    if part == "subject_areas":
        return str(SubjectArea.objects.filter(slug=row).first() or row)
    choices = getattr(field, "choices_class", None)
    return str(choices(row).label) if choices and row in choices.values else str(row)


def label(content: Content, part: str) -> str:
    """What a part is called."""
    names = {
        "tags": _("Emner"),
        "subject_areas": _("Fagområder"),
        "pictures": _("Billeder"),
        "links": _("Links"),
    }
    if part in names:
        return names[part]
    model = content.type()
    try:
        field: Any = model._meta.get_field(part.removesuffix("_id"))
    except FieldDoesNotExist:
        return capfirst(part)
    if field.one_to_many:
        return str(capfirst(field.related_model._meta.verbose_name_plural))
    return str(capfirst(field.verbose_name))


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The parts that differ, in their order."""
    return [part for part, new in after.items() if before.get(part) != new]


def diff(content: Content, before: dict[str, Any], after: dict[str, Any]) -> list[DiffRow]:
    """The parts that differ, side by side."""
    return [
        DiffRow(
            label(content, part),
            *marked(shown(content, part, before.get(part)), shown(content, part, after[part])),
        )
        for part in differing(before, after)
    ]


def listed(content: Content, parts: dict[str, Any]) -> list[tuple[str, SafeString]]:
    """All parts that are filled, as (label, text), for reading something new."""
    found = ((label(content, part), shown(content, part, value)) for part, value in parts.items())
    return [
        (name, format_html_join(mark_safe("<br>"), "{}", ((line,) for line in text.split("\n"))))
        for name, text in found
        if text
    ]
