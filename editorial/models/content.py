"""The one table that everything contributed stands in. Each type extends it one-to-one."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import F, Q, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from editorial.choices import READABLE, Kind, State
from editorial.fields import ChoiceArrayField, one_of, only_known
from editorial.models.querysets import ContentQuerySet, words
from editorial.models.relations import ContentSlug
from editorial.models.subjects import SubjectArea, resolve_tags
from editorial.models.transitions import Transitions
from editorial.slugs import is_reserved
from places.choices import Sector
from places.fields import danish_sort_key, keeps_every_slug
from places.models import Municipality, Region, Workplace
from search.index import put

if TYPE_CHECKING:
    pass


@pghistory.track(exclude=["sort_key"], model_name="ContentEvent")
class Content(Transitions, models.Model):  # type: ignore[django-manager-missing]
    """A content row: what is public, or has never been public. A proposed change is a `Change` row.

    `version` counts the row's changes (kept by a trigger), so that a form can tell that somebody else was first.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("type"), max_length=20, choices=Kind)
    external_id = models.CharField(
        _("id i kilden"),
        max_length=120,
        null=True,
        blank=True,
        unique=True,
        help_text=_("Bruges ved import: En række med samme id retter indholdet i stedet for at oprette nyt."),
    )
    slug = models.SlugField(
        _("adresse"),
        max_length=90,
        null=True,
        blank=True,
        unique=True,
        help_text=_("Sættes ved første offentliggørelse. Retter du den, viser den gamle adresse videre."),
    )
    state = models.CharField(_("tilstand"), max_length=12, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    title = models.CharField(
        _("titel"), max_length=120, help_text=_("Sig, hvad der blev gjort. Højst 120 tegn.")
    )
    sort_key = danish_sort_key("title")
    summary = models.TextField(
        _("resumé"), max_length=500, help_text=_("To-tre sætninger, som en travl kollega kan nøjes med.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("indsendt af"),
    )
    owner = models.ForeignKey(
        Workplace,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="content",
        verbose_name=_("arbejdsplads"),
        help_text=_("Den arbejdsplads, der står bag."),
    )
    participants = models.ManyToManyField(
        Workplace,
        through="editorial.Participation",
        related_name="takes_part_in",
        verbose_name=_("andre, der er med"),
    )
    sectors = ChoiceArrayField(
        Sector, verbose_name=_("sektor"), help_text=_("Sæt flere krydser, hvis det går på tværs.")
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="content",
        verbose_name=_("kommune"),
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="content",
        verbose_name=_("region"),
        help_text=_("Kun når det gælder en hel region. Ellers følger regionen kommunen."),
    )
    lat = models.DecimalField(
        _("breddegrad"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        help_text=_(
            "Kun når det er et bestemt sted. Ellers vises det ved kommunens hovedsæde, og det siges."
        ),
    )
    lng = models.DecimalField(_("længdegrad"), max_digits=8, decimal_places=5, null=True, blank=True)
    subject_areas = models.ManyToManyField(
        "editorial.SubjectArea", blank=True, related_name="content", verbose_name=_("fagområder")
    )
    tags = TaggableManager(through="editorial.TaggedContent", blank=True, verbose_name=_("emner"))
    year_from = models.PositiveSmallIntegerField(_("fra år"), null=True, blank=True)
    year_to = models.PositiveSmallIntegerField(_("til år"), null=True, blank=True)
    source = models.CharField(
        _("kilde"), max_length=300, blank=True, help_text=_("Hvor oplysningerne er fra. Vises på siden.")
    )
    source_year = models.PositiveSmallIntegerField(_("kildens år"), null=True, blank=True)
    confirmed_on = models.DateField(
        _("senest bekræftet"),
        null=True,
        blank=True,
        help_text=_("Da arbejdspladsen sidst sagde, at det stadig passer."),
    )
    confirmation_asked_on = models.DateField(
        _("spurgt, om det stadig passer"), null=True, blank=True, editable=False
    )
    is_unconfirmed = models.BooleanField(
        _("ikke bekræftet"),
        default=False,
        db_default=False,
        help_text=_("Arbejdspladsen blev spurgt, om det stadig passer, og svarede ikke."),
    )
    is_demo = models.BooleanField(
        _("demonstration"),
        default=False,
        help_text=_("Opdigtet indhold, der viser, hvad portalen kan. Mærkes på siden."),
    )
    created_at = models.DateTimeField(_("oprettet"), auto_now_add=True)
    updated_at = models.DateTimeField(_("rettet"), auto_now=True)
    published_at = models.DateTimeField(_("offentliggjort"), null=True, blank=True)

    objects = ContentQuerySet.as_manager()

    KINDS: ClassVar[tuple[str, ...]] = ()
    """The kinds that a type (a subclass) holds."""
    URL_NAME: ClassVar[str] = ""
    """The name of the type's page, which takes the slug; the uuid before the first publication."""

    class Meta:
        verbose_name = _("indhold")
        verbose_name_plural = _("indhold")
        ordering: ClassVar = ["-published_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "kind", "-published_at", "-id"], name="content_newest"),
            models.Index(fields=["owner", "state"], name="content_owner_state"),
            GinIndex(fields=["sectors"], name="content_sectors"),
        ]
        constraints: ClassVar = [
            one_of("kind", Kind, name="content_kind_known"),
            one_of("state", State, name="content_state_known"),
            only_known("sectors", Sector, name="content_sectors_known", message=_("Ukendt sektor.")),
            models.CheckConstraint(
                condition=Q(year_to__isnull=True)
                | Q(year_from__isnull=True)
                | Q(year_to__gte=F("year_from")),
                name="content_years_forward",
                violation_error_message=_("Slutåret skal være det samme som startåret eller senere."),
            ),
            models.CheckConstraint(
                condition=(Q(year_from__isnull=True) | Q(year_from__range=(1900, 2100)))
                & (Q(year_to__isnull=True) | Q(year_to__range=(1900, 2100)))
                & (Q(source_year__isnull=True) | Q(source_year__range=(1900, 2100))),
                name="content_years_plausible",
                violation_error_message=_("Skriv et årstal mellem 1900 og 2100."),
            ),
            models.CheckConstraint(
                condition=Q(municipality__isnull=True) | Q(region__isnull=True),
                name="content_one_place",
                violation_error_message=_("Vælg enten kommune eller region. Regionen følger kommunen."),
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lng__isnull=True)
                # Said outright: a CHECK lets through what compares to NULL.
                | Q(lat__isnull=False, lng__isnull=False, lat__range=(54.4, 57.9), lng__range=(7.9, 15.3)),
                name="content_point_in_denmark",
                violation_error_message=_("Skriv både bredde- og længdegrad, og hold dig inden for Danmark."),
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True) | Q(municipality__isnull=False),
                name="content_point_has_municipality",
                violation_error_message=_("Vælg den kommune, punktet ligger i."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*READABLE, State.SUSPENDED])
                | Q(slug__isnull=False, published_at__isnull=False),
                name="content_public_has_address",
                violation_error_message=_("Offentliggjort indhold skal have en adresse og en dato."),
            ),
            models.CheckConstraint(
                condition=Q(slug__isnull=True) | Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="content_slug_ascii",
                violation_error_message=_("Adressen må kun have små bogstaver a–z, tal og bindestreg."),
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(title__regex=r"^\s*$"),
                name="content_has_title",
                violation_error_message=_("Skriv en titel."),
            ),
        ]
        triggers: ClassVar = [
            keeps_every_slug("editorial_contentslug", "content_id"),
            pgtrigger.Trigger(
                name="counts_versions",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    NEW.version = OLD.version;  -- what a stale form or row says of it is never believed
                    IF to_jsonb(NEW) - '{version,updated_at,sort_key}'::text[]
                        IS DISTINCT FROM to_jsonb(OLD) - '{version,updated_at,sort_key}'::text[] THEN
                        NEW.version = OLD.version + 1;
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="hides_at_once",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("state"),
                func="""UPDATE search_document SET visible = (NEW.state = 'published') WHERE content_id = NEW.id;
                RETURN NULL;""",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of this row, whatever its type; no query."""
        return reverse(self.type().URL_NAME, args=[self.slug or str(self.uuid)])

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """As Django does; and an address is neither a word of the site nor one that something else has had."""
        super().clean_fields(exclude=exclude)
        if not self.slug or "slug" in set(exclude or ()):
            return
        if is_reserved(self.slug):
            raise ValidationError({"slug": _("Ordet bruges i portalens egne adresser. Vælg et andet.")})
        if ContentSlug.objects.filter(slug=self.slug).exclude(content=self.pk).exists():
            raise ValidationError({"slug": _("Adressen er eller har været i brug. Vælg en anden.")})

    # -- what it is today -------------------------------------------------

    @property
    def is_public(self) -> bool:
        """Whether anyone may read it."""
        return self.state in READABLE

    @property
    def dated(self) -> dt.date | None:
        """The day whose names apply to this content: in its source's year, else its first year; None if unknown."""
        year = self.source_year or self.year_from
        return dt.date(year, 12, 31) if year else None

    @property
    def owner_name(self) -> str:
        """The owning workplace's name at the content's time; "" without an owner."""
        return self.name_at_the_time(self.owner) if self.owner else ""

    def name_at_the_time(self, workplace: Workplace) -> str:
        """What `workplace` was called when this content was written."""
        return workplace.name_on(self.dated) if self.dated else workplace.name

    def type(self) -> type[Content]:
        """The class of this row's own type (Entry, later Story, …). Raises LookupError when no app holds its kind."""
        if self.KINDS:
            return self.__class__
        for relation in Content._meta.related_objects:
            model = relation.related_model
            if (
                relation.one_to_one
                and relation.parent_link
                and issubclass(model, Content)
                and self.kind in model.KINDS
            ):
                return model
        raise LookupError(f"No type extends content of kind {self.kind!r}.")

    def typed(self) -> Content:
        """This row as its own type; itself if it is that already. One query."""
        return self if self.KINDS else self.type()._default_manager.get(pk=self.pk)

    # -- search -----------------------------------------------------------

    SEARCH_RELATIONS: ClassVar[tuple[str, ...]] = (
        "owner__periods", "owner__aliases", "subject_areas", "tagged_items__tag__synonyms",
        "participations__workplace__periods", "participations__workplace__aliases",
    )  # fmt: skip
    """What `search_fields` reads beside the row itself; types add theirs. Prefetch it for many rows."""

    def search_fields(self) -> dict[str, Any]:
        """What search.Document holds for this row; types add to it. See search.index.put for the keys."""
        tags = sorted((item.tag for item in self.tagged_items.all()), key=lambda tag: tag.sort_key)
        subjects = list(self.subject_areas.all())
        workplaces = [w for w in (self.owner, *(p.workplace for p in self.participations.all())) if w]
        years = sorted(year for year in (self.year_from, self.year_to) if year)
        return {
            "kind": self.kind,
            "title": self.title,
            "summary": self.summary,
            "keywords": words([*tags, *(s for t in tags for s in t.synonyms.all()), *subjects]),
            "names": words(
                [
                    *workplaces,
                    *(self.name_at_the_time(w) for w in workplaces),
                    *(alias.name for w in workplaces for alias in w.aliases.all()),
                    self.municipality,
                    self.region,
                ]
            ),
            "sectors": self.sectors,
            "subject_areas": [s.slug for s in subjects],
            "tags": [t.slug for t in tags],
            "slug": self.slug or "",
            "owner": self.owner_name,
            "area": self.municipality_id or self.region_id or "",
            **self._point(),
            "years": list(range(years[0], years[-1] + 1)) if years else [],
            "published_at": self.published_at,
            "visible": self.state == State.PUBLISHED,
        }

    def _point(self) -> dict[str, Any]:
        """Where exactly it is: its own point, else the owner's when that lies in the same municipality."""
        for row in (self, self.owner):
            if (
                row
                and row.lat is not None
                and row.lng is not None
                and row.municipality_id == self.municipality_id
            ):
                return {"lat": float(row.lat), "lng": float(row.lng)}
        return {}

    def reindex(self) -> None:
        """Write the row's search document from what the database holds now.

        Locks the row, so that a suspension at the same time wins.
        """
        with transaction.atomic():
            Content.objects.select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=self.pk)
            row = self.type()._base_manager.get(pk=self.pk)
            prefetch_related_objects([row], *row.SEARCH_RELATIONS)
            put(content_id=row.pk, **row.search_fields())

    # -- changes ----------------------------------------------------------

    PARTS: ClassVar[tuple[str, ...]] = (
        "title", "summary", "sectors", "municipality_id", "region_id", "lat", "lng", "year_from", "year_to", "source",
        "source_year", "owner_id",
    )  # fmt: skip
    """Fields that a Change may propose; types add theirs."""
    ROWS: ClassVar[dict[str, tuple[str, ...]]] = {
        "links": ("kind", "title", "url", "note", "checked_on", "position"),
        "pictures": ("name", "width", "height", "widths", "alt", "caption", "credit", "position"),
        "participations": ("workplace_id", "role", "position"),
    }
    """Lists of rows that a Change may propose: related name → the columns that count; types add theirs."""

    def snapshot(self) -> dict[str, Any]:
        """The row and what hangs on it as {part: plain value}, as a Change compares and stores it."""
        content = self.typed()
        parts: dict[str, Any] = {name: getattr(content, name) for name in content.PARTS}
        for name, columns in content.ROWS.items():
            parts[name] = [
                dict(zip(columns, row, strict=True)) for row in getattr(content, name).values_list(*columns)
            ]
        parts["tags"] = sorted(content.tags.names())
        parts["subject_areas"] = sorted(content.subject_areas.values_list("slug", flat=True))
        plain: dict[str, Any] = json.loads(json.dumps(parts, cls=DjangoJSONEncoder))
        return plain

    def apply_parts(self, parts: dict[str, Any]) -> None:
        """Write `parts` (as `snapshot` gives them), check the whole row, and reindex; one transaction.

        Raises KeyError for a part that may not be changed, ValidationError when the result is not valid.
        """
        content = self.typed()
        with transaction.atomic():
            for name, value in parts.items():
                if name in content.PARTS:
                    column = content._meta.get_field(name.removesuffix("_id"))
                    assert isinstance(column, models.Field)
                    setattr(content, name, column.to_python(value))
                elif name in content.ROWS:
                    manager = getattr(content, name)
                    manager.all().delete()
                    model, owner = manager.model, manager.field.name
                    for row in value:
                        line = model(
                            **{owner: content, **{column: row.get(column) for column in content.ROWS[name]}}
                        )
                        line.full_clean()
                        line.save()
                elif name == "tags":
                    content.tags.set(resolve_tags(names=value))
                elif name == "subject_areas":
                    areas = list(SubjectArea.objects.filter(slug__in=value))
                    if len(areas) != len(set(value)):
                        raise ValidationError(_("Ændringen nævner et fagområde, der ikke findes (mere)."))
                    content.subject_areas.set(areas)
                else:
                    raise KeyError(name)
            content.full_clean()
            if content.is_public:
                content.ensure_publishable()
            content.save()
            content.reindex()


@pghistory.track(obj_field=None, model_name="ContentSubjectAreaEvent")
class ContentSubjectArea(Content.subject_areas.through):  # type: ignore[name-defined]
    """One subject area on one content row; a name for Django's own table, so that its history is kept too."""

    class Meta:
        proxy = True
        verbose_name = _("fagområde")
        verbose_name_plural = _("fagområder")

    def __str__(self) -> str:
        return str(self.subjectarea)
