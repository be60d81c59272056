"""A catalogue entry: what others can use. Which sections a type has is declared in catalogue.sections."""

from __future__ import annotations

import functools
from typing import Any, ClassVar, Self

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Count, OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalogue.choices import KINDS, Evidence, Novelty
from editorial.choices import CARRIED_OUT, InnovationType, Kind, Phase, Value
from editorial.fields import ChoiceArrayField, one_of, only_known, section
from editorial.history import track_type
from editorial.models import Content
from editorial.models.querysets import ContentQuerySet, TransitionError
from editorial.text import plain
from places.models import Succession


def _related(name: str) -> Any:
    """The model of the rows that hang on an entry by this name."""
    return Entry._meta.get_field(name).related_model


class EntryQuerySet(ContentQuerySet["Entry"]):
    """Entries as the catalogue's pages use them."""

    def with_card(self) -> Self:
        """With what a card shows: owner and its names, place, number of places that reuse it; without long texts."""
        reused = _related("reuses").objects.in_use().filter(entry=OuterRef("pk")).order_by().values("entry")
        number = Subquery(reused.annotate(n=Count("pk")).values("n"))
        return super().with_card().annotate(reuse_count=Coalesce(number, 0)).defer(*Entry.TEXTS)

    def with_page(self) -> Self:
        """With what an entry's page shows of the entry itself; `for_page` reads the rows that hang on it."""
        return super().with_card().select_related("contact")

    def for_page(self, **wanted: Any) -> Entry | None:
        """The entry that is `wanted`, with everything its page shows; None if there is none.

        Most entries have few of the rows that may hang on one, and every look costs a query: one asks which there
        are, and only those are read.
        """
        entry = self.with_page().filter(**wanted).first()
        if entry is None:
            return None
        needed: list[str | Prefetch[Any]] = ["subject_areas", "tags"]
        for name, there in _which_rows(entry).items():
            if there:
                needed.append(_rows_of_page(name))
            elif name != "successions":
                _there_is_none(entry, name)
            elif entry.owner:
                _there_is_none(entry.owner, name)
        prefetch_related_objects([entry], *needed)
        return entry


PAGE_ROWS = {
    "pictures": "content", "links": "content", "participations": "content", "measures": "entry", "timeline": "entry",
    "steps": "entry", "questions": "entry", "reuses": "entry", "projects": "example", "units": "same_entry",
}  # fmt: skip
"""What may hang on an entry's page, and how it points at the entry."""


def _which_rows(entry: Entry) -> dict[str, bool]:
    """For each name in PAGE_ROWS, and the owner's successions, whether there is any such row. One query, in plain SQL,
    because making so many subqueries takes the ORM longer than the database.
    """
    names = [*PAGE_ROWS, "successions"]
    with connection.cursor() as cursor:
        cursor.execute(_which_sql(), [*(entry.pk for _name in PAGE_ROWS), entry.owner_id])
        return dict(zip(names, cursor.fetchone(), strict=True))


@functools.cache
def _which_sql() -> str:
    tables = [(_related(name)._meta.db_table, f"{of}_id") for name, of in PAGE_ROWS.items()]
    tables.append((Succession._meta.db_table, "predecessor_id"))
    asked = (f'EXISTS (SELECT FROM "{table}" WHERE "{column}" = %s)' for table, column in tables)
    return f"SELECT {', '.join(asked)}"


def _rows_of_page(name: str) -> str | Prefetch[Any]:
    """How the page reads these rows."""
    if name == "successions":
        return "owner__successions__successor"
    rows = _related(name).objects.all()
    if name == "pictures":
        rows = rows.order_by("position", "id")
    elif name == "participations":
        rows = rows.select_related("workplace").prefetch_related("workplace__periods")
    elif name in ("projects", "units"):
        rows = rows.published()
    elif name == "reuses":
        rows = rows.visible().select_related("workplace", "parent__workplace")
    return Prefetch(name, rows)


def _there_is_none(row: models.Model, name: str) -> None:
    """Let `row.name.all()` be empty without a query."""
    vars(row).setdefault("_prefetched_objects_cache", {})[name] = getattr(row, name).none()


@track_type
class Entry(Content):  # type: ignore[django-manager-missing]
    """An entry of the catalogue. Text fields are Markdown; what the source does not say stays empty."""

    KINDS: ClassVar = KINDS
    URL_NAME: ClassVar = "catalogue:entry"

    status = models.CharField(_("status"), max_length=15, choices=Phase, blank=True)
    values = ChoiceArrayField(Value, verbose_name=_("værdi"))
    innovation_types = ChoiceArrayField(InnovationType, verbose_name=_("hvad er nyt"))
    novelty = models.CharField(_("nyhedsgrad"), max_length=10, choices=Novelty, blank=True)
    body = section(_("brødtekst"), _("Det, der ikke hører til under de andre overskrifter."))

    problem = section(_("problem"), _("Hvad var svært, og for hvem?"))
    solution = section(_("løsning"), _("Hvad gjorde I?"))
    effect = section(_("virkning"), _("Hvad kom der ud af det, og hvordan ved I det?"))
    effect_worse = section(_("det blev dårligere"), _("Hvad kostede det, eller hvad gik den forkerte vej?"))
    effect_unknown = section(_("det ved vi ikke"), _("Hvad er ikke målt eller ikke til at sige endnu?"))
    process = section(_("proces"), _("Hvordan gik det til, og hvem var med?"))
    process_failed = section(_("det virkede ikke undervejs"), _("Hvad prøvede I, som ikke gik?"))
    conditions = section(_("betingelser"), _("Hvad skal være på plads, før det virker hos andre?"))
    conditions_core = section(_("det bærende"), _("Det, der ikke kan undværes."))
    conditions_adaptable = section(_("det, der kan tilpasses"), _("Det, andre roligt kan gøre anderledes."))
    conditions_law = section(_("jura"), _("Lovgivning, samtykke, databehandling."))
    conditions_economy = section(_("økonomi"))
    conditions_it = section(_("it"))
    conditions_skills = section(_("kompetencer"))
    conditions_leadership = section(_("ledelse"))
    hours_to_start = models.PositiveIntegerField(
        _("timer for at komme i gang"), null=True, blank=True, help_text=_("Tomt felt: ikke opgjort.")
    )
    cost_to_start = models.PositiveBigIntegerField(
        _("kroner for at komme i gang"), null=True, blank=True, help_text=_("Tomt felt: ikke opgjort.")
    )
    months_to_start = models.PositiveSmallIntegerField(
        _("måneder, til det var i gang"), null=True, blank=True, help_text=_("Tomt felt: ikke opgjort.")
    )
    documentation = section(_("dokumentation"), _("Hvad bygger oplysningerne på?"))

    what_it_does = section(_("hvad de gør"))
    offers = section(_("hvad de tilbyder"))
    who_may_use = section(_("hvem der kan bruge det"))
    how_it_helps = section(_("hvordan det kan hjælpe en arbejdsplads"))

    question = section(_("spørgsmål"), _("Hvad undersøges?"))
    period = models.CharField(_("periode"), max_length=120, blank=True)
    funders = models.CharField(_("finansieret af"), max_length=300, blank=True)
    method = section(_("metode"))
    findings = section(_("resultater"))

    from_story = models.ForeignKey(
        "catalogue.Story",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="examples",
        verbose_name=_("begyndte som en god historie"),
        help_text=_("Historien og den, der fortalte den, nævnes på siden."),
    )
    effect_known_by = models.CharField(
        _("hvordan ved I det"), max_length=10, choices=Evidence, blank=True, db_default=""
    )

    authors = models.CharField(_("forfattere"), max_length=300, blank=True)
    publisher = models.CharField(_("udgiver"), max_length=160, blank=True)

    objects = EntryQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("indlæg")
        verbose_name_plural = _("indlæg")
        constraints: ClassVar = [
            one_of("status", Phase, name="entry_status_known", blank=True),
            one_of("effect_known_by", Evidence, name="entry_evidence_known", blank=True),
            one_of("novelty", Novelty, name="entry_novelty_known", blank=True),
            only_known("values", Value, name="entry_values_known", message=_("Ukendt værdi.")),
            only_known(
                "innovation_types",
                InnovationType,
                name="entry_innovation_types_known",
                message=_("Ukendt innovationstype."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="example_carried_out",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
                func="""
                    IF NEW.status IN ('problem', 'ide', 'forslag') AND EXISTS (
                        SELECT 1 FROM editorial_content WHERE id = NEW.content_ptr_id AND kind = 'eksempel'
                    ) THEN
                        RAISE check_violation USING MESSAGE = 'an example has been carried out';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def clean(self) -> None:
        super().clean()
        if self.kind == Kind.EXAMPLE and self.status and self.status not in CARRIED_OUT:
            raise ValidationError(
                {"status": _("Et eksempel er noget, der er gennemført: vælg »Gennemføres« eller senere.")}
            )
        if self.pk and self.owner_id and self.reuses.visible().filter(workplace=self.owner_id).exists():
            text = _("»%(name)s« har fortalt, at de genbruger det. En arbejdsplads genbruger ikke sit eget.")
            raise ValidationError({"owner": text % {"name": self.owner}})

    def ensure_publishable(self) -> None:
        """See Content; an example also needs a subject area, and must have been carried out."""
        super().ensure_publishable()
        if self.kind == Kind.EXAMPLE and not self.subject_areas.exists():
            raise TransitionError(_("Et eksempel skal have mindst ét fagområde."))
        if self.kind == Kind.EXAMPLE and self.status and self.status not in CARRIED_OUT:
            raise TransitionError(_("Et eksempel skal være gennemført. Ret status."))

    TEXTS: ClassVar = (
        "body", "problem", "solution", "effect", "effect_worse", "effect_unknown", "process", "process_failed",
        "conditions", "conditions_core", "conditions_adaptable", "conditions_law", "conditions_economy",
        "conditions_it", "conditions_skills", "conditions_leadership", "documentation", "what_it_does", "offers",
        "who_may_use", "how_it_helps", "question", "method", "findings",
    )  # fmt: skip
    """The sections of text, for search, changes and exports."""

    PARTS: ClassVar = (
        *Content.PARTS, *TEXTS, "status", "values", "innovation_types", "novelty", "hours_to_start", "cost_to_start",
        "months_to_start", "period", "funders", "authors", "publisher", "effect_known_by",
    )  # fmt: skip
    ROWS: ClassVar = {
        **Content.ROWS,
        "measures": ("label", "unit", "before", "after", "better", "evidence", "position"),
        "timeline": ("when", "text", "position"),
        "steps": ("title", "text", "position"),
    }

    SEARCH_RELATIONS: ClassVar = (*Content.SEARCH_RELATIONS, "measures", "timeline", "steps", "reuses")

    def search_fields(self) -> dict[str, Any]:
        """See Content; with the sections as body, and value, innovation type, status and reuse."""
        rows = [
            *(measure.label for measure in self.measures.all()),
            *(step.text for step in self.timeline.all()),
            *(f"{step.title} {step.text}" for step in self.steps.all()),
        ]
        texts = [plain(text) for name in self.TEXTS if (text := getattr(self, name))]
        return {
            **super().search_fields(),
            "body": " \n".join(
                filter(None, [*texts, *map(plain, rows), self.authors, self.publisher, self.funders])
            ),
            "values": self.values,
            "innovation_types": self.innovation_types,
            "status": self.status,
            "reuse_count": sum(reuse.is_spread for reuse in self.reuses.all()),
        }
