"""A list with search, filters, facets, a sentence, sorting and pages, from the parameters of an address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.core.paginator import EmptyPage, Page, Paginator
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from places.areas import Geography
from search import help as helping
from search import query
from search.danish import normal
from search.facets import Choice, Facet, FacetGroup, FacetValue, fold_regions
from search.filters import DocumentFilter
from search.mirror import Mirror
from search.models import Document
from search.selection import Selection

PAGE_SIZES = (10, 20, 50)
SORTS = {
    "relevans": gettext_lazy("Bedste træf"),
    "nyeste": gettext_lazy("Nyeste"),
    "genbrugt": gettext_lazy("Mest genbrugte"),
    "titel": gettext_lazy("Titel, A–Å"),
}
MAX_VALUES = 120
"""Values of one parameter that are looked at; more than the longest facet has (98 municipalities)."""


class PageOutOfRange(Http404):
    """A page past the end. `last` is the last page there is."""

    def __init__(self, last: int) -> None:
        self.last = last
        super().__init__(f"page past the end, last is {last}")


@dataclass(frozen=True)
class SentencePart:
    """One removable part of the sentence above the results."""

    joint: str
    label: str
    parameter: str
    value: str
    remove: str
    """Query string of the list without this part, starting with »?«."""


class _Counted(list[Document]):
    """A list of which only the length is known, for the paginator; the page reads its own part."""

    def __init__(self, length: int) -> None:
        self.length = length

    def __len__(self) -> int:
        return self.length


class Listing:
    """What an address asks for, and what the database answers. Everything is read when first asked for.

    `params` are the address' parameters, `kinds` bounds the list, `facets` are the groups it offers. Values that
    no facet knows are left out and named in `unknown`. Raises PageOutOfRange from `page`.
    """

    filters: ClassVar[type[DocumentFilter]] = DocumentFilter
    """How the facets narrow what was found."""
    orders: ClassVar[dict[str, Any]] = SORTS
    """The orders that the list can be asked for in: value → label."""
    typed: ClassVar[tuple[str, ...]] = ("q",)
    """Parameters of fields that one types in: when such a part is taken away, the whole page is loaded anew."""

    def __init__(
        self,
        params: QueryDict,
        *,
        kinds: tuple[str, ...],
        facets: list[Facet],
        fixed: dict[str, list[str]] | None = None,
        mirror: Mirror | None = None,
    ) -> None:
        self.params = params
        self.facets = facets
        self.kinds = kinds
        self.mirror = mirror
        self.fixed = fixed or {}
        self.q = query.clean(params.get("q", ""))
        self.unknown: list[tuple[str, str]] = []
        self.sort = self._one_of("sort", self.orders, "relevans" if self.q else "nyeste")
        if self.sort == "relevans" and not self.q:
            self.sort = "nyeste"
        self.page_size = int(self._one_of("pr_side", [str(n) for n in PAGE_SIZES], str(PAGE_SIZES[0])))
        self.number = self._page_number()

    # -- what was asked for -----------------------------------------------

    def _one_of(self, name: str, known: object, default: str) -> str:
        value = self.params.get(name, "")
        if value and value in known:  # type: ignore[operator]
            return value
        if value:
            self.unknown.append((name, query.clean(value)[:60]))
        return default

    def _page_number(self) -> int:
        value = self.params.get("side", "")
        if not value:
            return 1
        if value.isascii() and value.isdigit() and len(value) < 9:
            return int(value)
        self.unknown.append(("side", query.clean(value)[:60]))
        return 1

    @cached_property
    def geography(self) -> Geography:
        return Geography.current()

    @cached_property
    def _asked(self) -> dict[str, list[str]]:
        """Facet → values as they stand in the address, each once."""
        return {
            f.name: list(dict.fromkeys(v for v in map(query.clean, self.params.getlist(f.name)) if v))[
                :MAX_VALUES
            ]
            for f in self.facets
        }

    @cached_property
    def chosen(self) -> dict[str, list[Choice]]:
        """Facet → the known choices that the address names. Unknown values end up in `unknown`."""
        chosen: dict[str, list[Choice]] = {}
        for facet in self.facets:
            asked = self._asked[facet.name]
            if not asked:
                continue
            # Choices that depend on what occurs (years, tags) take what is asked for as occurring.
            known = {c.value: c for c in facet.choices(self.geography, dict.fromkeys(asked, 0))}
            chosen[facet.name] = [known[v] for v in asked if v in known]
            self.unknown += [(facet.name, v[:60]) for v in asked if v not in known]
        return {name: choices for name, choices in chosen.items() if choices}

    def values(self, *, leave_out: str = "") -> dict[str, list[str]]:
        """The chosen values, fixed ones included, without the parameter `leave_out`."""
        chosen = {
            name: [c.value for c in choices] for name, choices in self.chosen.items() if name != leave_out
        }
        return {**chosen, **self.fixed}

    # -- what the database answers ------------------------------------------

    @cached_property
    def everything(self) -> Selection:
        """All of the list's kinds that may be found, before any choice."""
        return Selection.of_kinds(self.kinds, self.mirror)

    @cached_property
    def found(self) -> Selection:
        """What the words alone give; the same as `everything` without any."""
        return self.everything.search(self.q)

    def rows(self, *, leave_out: str = "") -> Selection:
        """What matches everything asked for, or everything but one parameter."""
        found = self.everything if leave_out == "q" else self.found
        if not (values := self.values(leave_out=leave_out)):
            return found
        data = QueryDict(mutable=True)
        for name, several in values.items():
            data.setlist(name, several)
        narrowed: Selection = self.filters(data, queryset=found, geography=self.geography).qs
        return narrowed

    @cached_property
    def results(self) -> Selection:
        """What matches everything asked for."""
        return self.rows()

    @property
    def count(self) -> int:
        """How many results there are."""
        return self.results.count

    @cached_property
    def page(self) -> Page[Document]:
        """The page asked for: its documents. Raises PageOutOfRange."""
        paginator = Paginator(_Counted(self.count), self.page_size)
        try:
            page = paginator.page(self.number)
        except EmptyPage as error:
            raise PageOutOfRange(paginator.num_pages) from error
        start = (self.number - 1) * self.page_size
        page.object_list = self.documents(start, start + self.page_size)
        return page

    def documents(self, start: int = 0, stop: int | None = None) -> list[Document]:
        """The results from place `start` to `stop`, in the order asked for."""
        if not self.q:
            return self.results.rows(self.sort, start, stop)  # there is nothing to mark, so nothing to read
        ids = self.results.ids(self.sort, start, stop)
        found = Document.objects.visible().for_cards().in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    @property
    def hits(self) -> set[str]:
        """The words to mark in the results."""
        return self.found.match.hits if self.found.match else set()

    @property
    def corrected(self) -> dict[str, str]:
        """Words that nothing had → what was looked for instead."""
        return self.found.match.corrected if self.found.match else {}

    @property
    def relaxed(self) -> bool:
        """Whether few or none had all the words, so that what has most of them is shown, too."""
        return bool(self.found.match and self.found.match.relaxed)

    @property
    def complete(self) -> int:
        """How many had all the words, where that was so few that others follow."""
        return self.found.match.complete if self.found.match else 0

    @cached_property
    def groups(self) -> list[FacetGroup]:
        """The facets with exact counts: each value's count is what choosing it (alone in its group) gives."""
        groups = []
        for facet in self.facets:
            rows = self.rows(leave_out=facet.name) if facet.name in self.chosen else self.results
            counts = rows.counts(facet.column)
            selected = {c.value for c in self.chosen.get(facet.name, [])}
            there = self.everything.counts(facet.column) if facet.needs_occurring else counts
            choices = facet.choices(self.geography, {**dict.fromkeys(selected, 0), **there})
            # What is chosen stays among the choices, however rare, or the form would drop it at the next change.
            choices += [c for c in self.chosen.get(facet.name, []) if c not in choices]
            if facet.name == "region" and facet.column == "area":
                counts = fold_regions(counts, self.geography, [c.value for c in choices])
            groups.append(
                FacetGroup(
                    facet, [FacetValue(c, counts.get(c.value, 0), c.value in selected) for c in choices]
                )
            )
        return groups

    # -- addresses ------------------------------------------------------------

    def querystring(self, *, drop: tuple[str, str] | None = None, **replace: str | None) -> str:
        """The list's own parameters as »?…«, known values only, in a fixed order; "?" when there is none.

        `drop` takes one (parameter, value) away; `replace` sets a parameter or, with None, takes it away. Without
        `side` among `replace`, the address is that of the first page.
        """
        data = QueryDict(mutable=True)
        if self.q:
            data["q"] = self.q
        for facet in self.facets:
            values = [c.value for c in self.chosen.get(facet.name, [])]
            data.setlist(facet.name, [v for v in values if (facet.name, v) != drop])
        if self.params.get("sort") == self.sort:
            data["sort"] = self.sort
        if self.page_size != PAGE_SIZES[0]:
            data["pr_side"] = str(self.page_size)
        for name, value in {**self.kept(), **replace}.items():
            if value is None:
                data.pop(name, None)
            else:
                data[name] = value
        if drop == ("q", self.q):
            data.pop("q", None)
        return "?" + data.urlencode()

    def kept(self) -> dict[str, str]:
        """Parameters that say how the page looks, not what is on the list; addresses of the page carry them on."""
        return {}

    @property
    def cleared(self) -> str:
        """Query string of the page with nothing asked for; empty where it has no parameters of its own."""
        data = QueryDict(mutable=True)
        data.update(self.kept())
        return f"?{data.urlencode()}" if data else ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything at all has been asked for."""
        return bool(self.q or self.chosen)

    @property
    def chosen_count(self) -> int:
        """How many facet values are chosen."""
        return sum(len(choices) for choices in self.chosen.values())

    @property
    def sentence_start(self) -> str:
        """How the sentence begins: »Du ser« what has been chosen, or »Du ser alt«."""
        return (
            _("Du ser")
            if any(not f.preposition for f in self.facets if f.name in self.chosen)
            else _("Du ser alt")
        )

    @cached_property
    def sentence(self) -> list[SentencePart]:
        """»Du ser …« in removable parts: eksempler · og værktøjer · om »tillid« · fra staten · eller kommuner."""
        start: list[SentencePart] = []
        rest: list[SentencePart] = []
        for facet in self.facets:
            for n, choice in enumerate(self.chosen.get(facet.name, [])):
                again = _("eller") if facet.preposition else _("og")
                part = SentencePart(
                    again if n else str(facet.preposition),
                    str(choice.spoken),
                    facet.name,
                    choice.value,
                    self.querystring(drop=(facet.name, choice.value)),
                )
                (rest if facet.preposition else start).append(part)
        if self.q:
            start.append(
                SentencePart(_("om"), f"»{self.q}«", "q", self.q, self.querystring(drop=("q", self.q)))
            )
        return start + rest

    def near_misses(self, limit: int = 4) -> list[tuple[str, str, int]]:
        """What comes up when one choice is let go: (label, query string, number), most results first.

        For the page without results. Costs one count per choice, so only that page asks.
        """
        found = []
        if self.q and self.chosen:
            without_q = self.querystring(drop=("q", self.q))
            found.append((_("Behold filtrene, og slip søgeordet"), without_q, self.rows(leave_out="q").count))
        for name in list(self.chosen)[:6]:
            number = self.rows(leave_out=name).count
            label = next(f.label for f in self.facets if f.name == name)
            found.append(
                (
                    _("Slip dit valg under »%(what)s«") % {"what": label},
                    self.querystring(**{name: None}),
                    number,
                )
            )
        return sorted((f for f in found if f[2]), key=lambda f: -f[2])[:limit]

    # -- without results --------------------------------------------------------

    @property
    def understood(self) -> str:
        """How the query was read, as part of a sentence."""
        return helping.understood(self.q)

    @cached_property
    def nearest_words(self) -> list[helping.Way]:
        """Words that look like those searched for, with how many results each has here."""
        return helping.nearest_words(self.q, self.everything)

    @cached_property
    def words_alone(self) -> list[helping.Way]:
        """Each of several words by itself."""
        return helping.words_alone(self.q, self.everything)

    @property
    def meant(self) -> str:
        """The query with its misspelt words as they were looked for; "" when there was nothing to correct."""
        if not self.corrected:
            return ""
        parts = re.split(r'("[^"]*"?)', self.q)  # phrases are taken at their word

        def instead(token: re.Match[str]) -> str:
            return self.corrected.get(normal(token[0]), token[0])

        parts[::2] = [re.sub(r"(?<![\w-])\w[\w'’./-]*", instead, part) for part in parts[::2]]
        meant = "".join(parts)
        return meant if meant != self.q else ""

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """The ways of sorting that make sense here."""
        return [(key, str(label)) for key, label in self.orders.items() if key != "relevans" or self.q]

    @property
    def page_sizes(self) -> tuple[int, ...]:
        """How many results a page may have."""
        return PAGE_SIZES
