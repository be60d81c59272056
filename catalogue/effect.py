"""The effect of an entry as a drawing: a pair of bars for each measure, on that measure's own scale from zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from catalogue.choices import Better
from catalogue.models import Measure


@dataclass(frozen=True)
class Change:
    """One measure with both numbers, ready to be drawn; shares are of the larger number, between 0 and 1."""

    label: str
    unit: str
    before: str
    after: str
    before_share: float
    after_share: float
    direction: str
    """»faldt fra 46 til 19«, »steg …« or »ligger fast på …«."""
    verdict: str
    """"better", "worse" or "" where it cannot be said."""
    evidence: str


def number(value: Decimal) -> str:
    """A number as Danes write it, without needless decimals."""
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    return number_format(
        plain, decimal_pos=max(0, -exponent) if isinstance(exponent, int) else 0, force_grouping=True
    )


def changes(measures: Iterable[Measure]) -> list[Change]:
    """Those measures that have a number both before and after, none negative, in their order."""
    drawn = []
    for m in measures:
        if m.before is None or m.after is None or min(m.before, m.after) < 0:
            continue
        largest = max(m.before, m.after) or Decimal(1)
        before, after = number(m.before), number(m.after)
        if m.after == m.before:
            direction, verdict = _("ligger fast på %(after)s") % {"after": after}, ""
        else:
            word = (
                _("faldt fra %(before)s til %(after)s")
                if m.after < m.before
                else _("steg fra %(before)s til %(after)s")
            )
            direction = word % {"before": before, "after": after}
            good = {Better.LOWER: m.after < m.before, Better.HIGHER: m.after > m.before}.get(Better(m.better))
            verdict = "" if good is None else "better" if good else "worse"
        drawn.append(
            Change(m.label, m.unit, before, after, float(m.before / largest), float(m.after / largest), direction,
                   verdict, m.evidence)
        )  # fmt: skip
    return drawn


def described(drawn: list[Change]) -> str:
    """What the drawing shows, in words, for those who do not see it."""
    lines = ". ".join(f"{c.label} {c.unit} {c.direction}" for c in drawn)
    return _("Før og efter: %(lines)s.") % {"lines": lines}
