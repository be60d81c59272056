"""From what somebody wrote in a cell to the row it means: by code, by name, by a former name or a synonym."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cached_property

from django.db import models
from django.utils.translation import gettext as _

from editorial.models import SubjectArea, Tag, TagSynonym
from places.areas import Geography
from places.models import Workplace, WorkplaceAlias, WorkplacePeriod

SPELT_OUT = 10
"""Lists of known values up to this length are named in full when a value is not among them."""


def fold(text: str) -> str:
    """`text` as it is compared: without case and outer white space."""
    return " ".join(text.casefold().split())


def unknown(value: str, known: Iterable[str]) -> ValueError:
    """The error for a value that is not known, naming the nearest ones or, of a short list, all."""
    names = {fold(name): name for name in known if name}
    near = [names[n] for n in get_close_matches(fold(value), names, n=3, cutoff=0.6)]
    shown = value if len(value) <= 80 else value[:79] + "…"
    if near:
        words = _(" eller ").join(f"»{name}«" for name in near)
        return ValueError(
            _("»%(value)s« kendes ikke. Mente du %(names)s?") % {"value": shown, "names": words}
        )
    if len(names) <= SPELT_OUT:
        listed = ", ".join(names.values())
        return ValueError(
            _("»%(value)s« kendes ikke. Brug en af: %(names)s.") % {"value": shown, "names": listed}
        )
    return ValueError(_("»%(value)s« kendes ikke.") % {"value": shown})


def choice(value: str, choices: type[models.TextChoices], among: Iterable[str] = ()) -> str:
    """The key that `value` means: a key, or its label. Raises ValueError."""
    allowed = list(among) or choices.values
    if value in allowed:
        return value
    keys = {fold(key): key for key in allowed}
    labels = {fold(str(choices(key).label)): key for key in allowed}
    found = keys.get(fold(value)) or labels.get(fold(value))
    if found is None:
        raise unknown(value, allowed)
    return str(found)


class Lookups:
    """Everything a file may name, read when first asked for and kept for the whole file."""

    # -- places -------------------------------------------------------------

    @cached_property
    def geography(self) -> Geography:
        return Geography.load()

    @cached_property
    def _regions(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for region in self.geography.regions.values():
            for name in (region.name, region.short_name):
                # Where an old and a new region share a name, today's is meant.
                if fold(name) not in names or region.exists_on(self.geography.today):
                    names[fold(name)] = region.code
        return names

    def region(self, text: str) -> str:
        """The region's code. Raises ValueError."""
        code = text.strip()
        if code in self.geography.regions:
            return code
        if found := self._regions.get(fold(text)):
            return found
        raise unknown(text, [r.name for r in self.geography.regions.values()])

    @cached_property
    def _municipalities(self) -> dict[str, str]:
        return {
            fold(name): m.code
            for m in self.geography.municipalities.values()
            for name in (m.name, m.full_name)
        }

    def municipality(self, text: str) -> str:
        """The municipality's code; a spreadsheet may have eaten the leading zero. Raises ValueError."""
        code = text.strip()
        if code.isascii() and code.isdigit():
            code = code.zfill(4)
        if code in self.geography.municipalities:
            return code
        if found := self._municipalities.get(fold(text)):
            return found
        raise unknown(text, [m.name for m in self.geography.municipalities.values()])

    def lies_in(self, municipality: str, region: str) -> bool:
        """Whether the municipality belongs to the region, in any period."""
        return any(m == municipality and r == region for m, r, _start, _end in self.geography.memberships)

    # -- workplaces ---------------------------------------------------------

    @cached_property
    def _present(self) -> dict[str, set[int]]:
        return self._named(Workplace.objects.values_list("name", "pk"))

    @cached_property
    def _other(self) -> dict[str, set[int]]:
        periods = WorkplacePeriod.objects.values_list("name", "workplace_id")
        aliases = WorkplaceAlias.objects.values_list("name", "workplace_id")
        return self._named([*periods, *aliases])

    @staticmethod
    def _named(rows: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
        names: dict[str, set[int]] = defaultdict(set)
        for name, pk in rows:
            names[fold(name)].add(pk)
        return names

    @cached_property
    def _workplaces(self) -> dict[int, tuple[str, str]]:
        return {pk: (name, slug) for pk, name, slug in Workplace.objects.values_list("pk", "name", "slug")}

    @cached_property
    def _workplace_slugs(self) -> dict[str, int]:
        return {slug: pk for pk, (_name, slug) in self._workplaces.items()}

    def workplace(self, text: str) -> int:
        """The key of the workplace with this name now, before, or as an alias; or with this slug.

        Raises ValueError when there is none, or several. A workplace is never made from a name in a list: too
        many would only be other spellings of one that is here.
        """
        for names in (self._present, self._other):
            found = names.get(fold(text), set())
            if len(found) == 1:
                return next(iter(found))
            if found:
                slugs = ", ".join(sorted(self._workplaces[pk][1] for pk in found))
                raise ValueError(
                    _("Flere arbejdspladser hedder »%(name)s«. Skriv i stedet en af: %(slugs)s.")
                    % {"name": text, "slugs": slugs}
                )
        if found_by_slug := self._workplace_slugs.get(text.strip()):
            return found_by_slug
        error = unknown(text, [name for name, _slug in self._workplaces.values()])
        raise ValueError(_("%(error)s Nye arbejdspladser oprettes først.") % {"error": error})

    def workplace_cell(self, pk: int | None) -> str:
        """What names a workplace in a file: its name, or its slug where others have the name too."""
        if pk is None:
            return ""
        name, slug = self._workplaces[pk]
        return name if self._present[fold(name)] == {pk} else slug

    # -- subjects -----------------------------------------------------------

    @cached_property
    def _subject_areas(self) -> dict[str, int]:
        rows = SubjectArea.objects.values_list("slug", "name", "pk")
        return {fold(name): pk for slug, label, pk in rows for name in (label, slug)}

    def subject_area(self, text: str) -> int:
        """The key of a subject area. Raises ValueError."""
        if found := self._subject_areas.get(fold(text)):
            return found
        raise unknown(text, SubjectArea.objects.values_list("slug", flat=True))

    @cached_property
    def _tags(self) -> dict[str, str]:
        words = {fold(slug): name for slug, name in Tag.objects.values_list("slug", "name")}
        words |= {fold(word): name for word, name in TagSynonym.objects.values_list("name", "tag__name")}
        return words | {fold(name): name for name in Tag.objects.values_list("name", flat=True)}

    def tag(self, text: str) -> str:
        """The name of the tag that a word means; the word itself when it is new. Raises ValueError when too long."""
        if text in self._tag_keys:
            return text
        if found := self._tags.get(fold(text)):
            return found
        if len(text) > 100:
            raise ValueError(_("Et emne kan højst være på 100 tegn: »%(tag)s…«.") % {"tag": text[:40]})
        return self._tags.setdefault(fold(text), text.strip())

    @cached_property
    def _tag_keys(self) -> dict[str, int]:
        return dict(Tag.objects.values_list("name", "pk"))

    def tag_key(self, name: str) -> int:
        """The key of the tag with a name that `tag` gave; it is made when it is not there."""
        if name not in self._tag_keys:
            self._tag_keys[name] = Tag.objects.get_or_create(name=name)[0].pk
        return self._tag_keys[name]
