"""The facets of content: what the groups beside a list are called, and which choices they have."""

from django.utils.translation import gettext_lazy as _

from editorial.choices import InnovationType, Kind, Phase, Value
from editorial.models import SubjectArea, Tag
from places.areas import WHOLE_COUNTRY, Geography
from places.choices import Sector
from search.facets import Choice, Counts, Facet

COMMON_TAGS = 15
"""Tags offered as choices: the most used ones, and those that are chosen."""

KIND_PLURALS = {
    Kind.EXAMPLE: _("Eksempler"),
    Kind.INITIATIVE: _("Initiativer"),
    Kind.KNOWLEDGE_CENTRE: _("Videnscentre"),
    Kind.RESEARCH: _("Forskning"),
    Kind.LITERATURE: _("Litteratur"),
    Kind.TOOL: _("Værktøjer"),
    Kind.STORY: _("Gode historier"),
    Kind.PROJECT: _("Projekter"),
    Kind.UNIT: _("Innovationsenheder"),
    Kind.STORM: _("Idéstorme"),
    Kind.IDEA: _("Ideer"),
    Kind.OFFER: _("Praktikpladser"),
}

SPOKEN = {
    Sector.CIVIL_SOCIETY: _("civilsamfundet"),
    InnovationType.PRODUCT: _("et nyt produkt"),
    InnovationType.SERVICE: _("en ny service"),
    InnovationType.PROCESS: _("en ny proces eller organisation"),
    InnovationType.COMMUNICATION: _("ny kommunikation"),
    Phase.PROBLEM: _("problem under undersøgelse"),
    Phase.IMPLEMENTATION: _("under gennemførelse"),
    Phase.EVALUATION: _("under evaluering"),
}
"""How a value stands inside the sentence above the results, where its label in lower case would not fit."""


def kind_choices(*kinds: Kind) -> list[Choice]:
    """Choices of the `type` parameter for `kinds`."""
    return [Choice(kind.value, str(KIND_PLURALS[kind])) for kind in kinds]


def sector_choices(geography: Geography, occurring: Counts) -> list[Choice]:
    """Choices of `sektor`."""
    return [Choice(s.value, str(s.label), str(SPOKEN.get(s, ""))) for s in Sector]


def region_choices(geography: Geography, occurring: Counts) -> list[Choice]:
    """Choices of `region`: the whole country, today's regions, and an old or coming one that an address names."""
    named = [
        r for code, r in geography.regions.items() if code in occurring and not r.exists_on(geography.today)
    ]
    return [
        Choice(WHOLE_COUNTRY, str(_("Hele landet")), str(_("hele landet"))),
        *(Choice(r.code, r.short_name, r.name) for r in geography.regions_today()),
        *(
            Choice(r.code, f"{r.short_name} ({_period(r.valid_from.year, r.valid_to)})", r.name)
            for r in named
        ),
    ]


def _period(start: int, end: object) -> str:
    return f"{_('til')} {end.year}" if hasattr(end, "year") else f"{_('fra')} {start}"


def municipality_choices(geography: Geography, occurring: Counts) -> list[Choice]:
    """Choices of `kommune`: all 98, sorted as Danes sort."""
    return [Choice(m.code, m.name, m.full_name) for m in geography.municipalities.values()]


def subject_choices(geography: Geography, occurring: Counts) -> list[Choice]:
    """Choices of `fagomraade`."""
    return [Choice(s.slug, s.name) for s in SubjectArea.objects.all()]


def tag_choices(geography: Geography, occurring: Counts) -> list[Choice]:
    """Choices of `emne`: the most used tags, in alphabetical order, and any that is asked for."""
    asked = {slug for slug, n in occurring.items() if n == 0}
    common = sorted(occurring, key=lambda slug: (-occurring[slug], slug))[:COMMON_TAGS]
    # What occurs is something public's; of what is only asked for, the tags of readable content are known.
    tags = list(Tag.objects.filter(slug__in=[slug for slug in common if occurring[slug]]))
    if asked:
        tags = sorted(
            {*tags, *Tag.objects.of_readable().filter(slug__in=asked)}, key=lambda tag: tag.sort_key
        )
    return [Choice(t.slug, t.name, t.name) for t in tags]


def year_choices(geography: Geography, occurring: Counts) -> list[Choice]:
    """Choices of `aar`: every year that something is from, latest first."""
    years = sorted((y for y in occurring if y.isascii() and y.isdigit() and len(y) == 4), reverse=True)
    return [Choice(y, y, y) for y in years]


def value_choices(geography: Geography, occurring: Counts) -> list[Choice]:
    """Choices of `vaerdi`."""
    return [Choice(v.value, str(v.label)) for v in Value]


def innovation_type_choices(geography: Geography, occurring: Counts) -> list[Choice]:
    """Choices of `innovationstype`."""
    return [Choice(t.value, str(t.label), str(SPOKEN[t])) for t in InnovationType]


def phase_choices(geography: Geography, occurring: Counts) -> list[Choice]:
    """Choices of `status`."""
    return [Choice(p.value, str(p.label), str(SPOKEN.get(p, ""))) for p in Phase]


def content_facets(*kinds: Kind) -> list[Facet]:
    """The facets of a list of content of these kinds, in the order people look for them."""
    return [
        Facet("type", _("Type"), "kind", lambda g, o: kind_choices(*kinds), ""),
        Facet("sektor", _("Sektor"), "sectors", sector_choices, _("fra")),
        Facet("fagomraade", _("Fagområde"), "subject_areas", subject_choices, _("på fagområdet")),
        Facet("vaerdi", _("Værdi"), "values", value_choices, _("med værdien")),
        Facet("region", _("Sted"), "area", region_choices, _("i")),
        Facet("kommune", _("Kommune"), "area", municipality_choices, _("i"), folded=True),
        Facet("emne", _("Emne"), "tags", tag_choices, _("om emnet"), folded=True, needs_occurring=True),
        Facet(
            "innovationstype",
            _("Hvad er nyt"),
            "innovation_types",
            innovation_type_choices,
            _("med"),
            folded=True,
        ),
        Facet("status", _("Hvor langt"), "status", phase_choices, _("med status"), folded=True),
        Facet("aar", _("År"), "years", year_choices, _("fra"), folded=True, needs_occurring=True),
    ]
