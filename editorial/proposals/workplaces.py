"""Workplaces as somebody types them: suggestions while they write, and what a text means when it is saved."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from places.models import Workplace
from places.permissions import employers_of, workplaces_of

SUGGESTED = 8


def label_of(workplace: Workplace) -> str:
    """The name, with where it belongs, because many kindergartens are called Solsikken."""
    above = workplace.parent or workplace.municipality
    return f"{workplace.name} ({above})" if above else workplace.name


def own_workplaces(user: User) -> list[Workplace]:
    """Where the user works or is contact person."""
    rows = workplaces_of(user) | employers_of(user)
    return list(rows.active().with_place().distinct()[:SUGGESTED])  # type: ignore[attr-defined]


def suggested(text: str, *, user: User | None) -> list[Workplace]:
    """At most SUGGESTED workplaces whose name now, before, or as an alias holds the text; the user's own first."""
    text = " ".join(text.split())[:160]
    own = own_workplaces(user) if user else []
    if len(text) < 2:
        return own
    mine = [w for w in own if text.casefold() in w.name.casefold()]
    found: QuerySet[Workplace] = (
        Workplace.objects.active()
        .with_place()
        .filter(
            Q(name__icontains=text)
            | Q(pk__in=Workplace.objects.filter(aliases__name__icontains=text).values("pk"))
            | Q(pk__in=Workplace.objects.filter(periods__name__icontains=text).values("pk"))
        )
        .exclude(pk__in=[w.pk for w in mine])
        .order_by("sort_key", "id")
    )
    return [*mine, *found[:SUGGESTED]][:SUGGESTED]


def meant(text: str) -> Workplace | None:
    """The one workplace that a text means: its label, or a name that only one has. None when it may be several."""
    text = " ".join(text.split())[:330]
    if not text:
        return None
    named = list(Workplace.objects.active().with_place().named(text)[:2])
    if len(named) == 1:
        return named[0]
    name = text.rpartition(" (")[0]
    if not name:
        return None
    labelled = Workplace.objects.active().with_place().filter(name__iexact=name)[:50]
    fits = [w for w in labelled if label_of(w).casefold() == text.casefold()]
    return fits[0] if len(fits) == 1 else None


def workplace_meant(value: str) -> Workplace:
    """The workplace that was typed. Raises ValidationError that names those it may be."""
    if found := meant(value):
        return found
    near = [label_of(w) for w in suggested(value, user=None)] if len(value.strip()) > 2 else []
    if near:
        raise ValidationError(
            _("Vi ved ikke, hvilken du mener. Skriv et af navnene her: %(names)s."),
            params={"names": "; ".join(f"»{name}«" for name in near[:5])},
        )
    raise ValidationError(
        _("Vi kender ikke »%(name)s«. Ret navnet, eller lad feltet stå tomt, og skriv det til redaktionen."),
        params={"name": value[:80]},
    )
