"""Entries in admin: the form follows the entry's type."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue import admin_collections
from catalogue.admin_inlines import (
    HardQuestionInline,
    MeasureInline,
    ReuseInline,
    StepInline,
    TimelineInline,
)
from catalogue.choices import KINDS
from catalogue.exchange.admin import ExchangeAdmin
from catalogue.models import Entry
from catalogue.sections import SECTIONS, TYPICAL
from catalogue.stories import admin as admin_stories
from editorial.admin_content import ArrayFilter, ContentAdmin, ContentForm, YesNoFilter
from editorial.admin_parts import LinkInline, PictureInline
from editorial.choices import Kind
from editorial.models import Picture
from places.choices import Sector

KIND_HELP = {
    Kind.EXAMPLE: gettext_lazy(
        "Noget, en arbejdsplads har gjort: problem, løsning, virkning, proces og betingelser."
    ),
    Kind.INITIATIVE: gettext_lazy(
        "En indsats eller et program: hvad de gør, hvad de tilbyder, og hvem der kan bruge det."
    ),
    Kind.KNOWLEDGE_CENTRE: gettext_lazy(
        "Et sted, der samler viden: hvad de gør, hvad de tilbyder, og hvem der kan bruge det."
    ),
    Kind.RESEARCH: gettext_lazy(
        "Et forskningsprojekt eller en undersøgelse: spørgsmål, metode og resultater."
    ),
    Kind.LITERATURE: gettext_lazy("En bog, rapport eller artikel: forfattere, år og udgiver."),
    Kind.TOOL: gettext_lazy("Noget, man kan tage i brug, trin for trin."),
}
EXTRA_FIELDS = {
    Kind.LITERATURE: ["authors", "publisher"],
    Kind.RESEARCH: ["period", "funders"],
}
INLINES: dict[Kind, list[Any]] = {
    Kind.EXAMPLE: [MeasureInline, TimelineInline, HardQuestionInline, ReuseInline],
    Kind.TOOL: [StepInline, ReuseInline],
    Kind.INITIATIVE: [ReuseInline],
}
"""The rows that are typical of a type; the others are folded away unless they hold something."""
ENTRY_INLINES = (MeasureInline, TimelineInline, StepInline, HardQuestionInline, ReuseInline)


class EntryForm(ContentForm):
    """An entry of any type."""

    class Meta:
        model = Entry
        exclude: ClassVar = ["state", "author", "published_at", "tags", "participants"]
        widgets: ClassVar = {
            "title": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "summary": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "subject_areas": forms.CheckboxSelectMultiple,
        }

    def clean(self) -> dict[str, Any] | None:
        """As any content. A public example keeps its subject area."""
        cleaned = super().clean()
        data = self.cleaned_data
        public = self.instance.pk and self.instance.is_public
        if (
            public
            and data.get("kind") == Kind.EXAMPLE
            and "subject_areas" in data
            and not data["subject_areas"]
        ):
            self.add_error("subject_areas", _("Et offentliggjort eksempel skal have mindst ét fagområde."))
        return cleaned


class SectorFilter(ArrayFilter):
    title = gettext_lazy("sektor")
    parameter_name = "sektor"
    column = "sectors"
    choices_class = Sector


class ConfirmedFilter(YesNoFilter):
    title = gettext_lazy("bekræftet")
    parameter_name = "bekraeftet"
    column = "confirmed_on"
    yes = gettext_lazy("Bekræftet af arbejdspladsen")
    no = gettext_lazy("Aldrig bekræftet")


class UnconfirmedFilter(YesNoFilter):
    title = gettext_lazy("svaret på »Er det stadig rigtigt?«")
    parameter_name = "ikke_svaret"
    column = "is_unconfirmed"
    yes = gettext_lazy("Ikke svaret på en måned")
    no = gettext_lazy("Svaret eller ikke spurgt")

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = {"ja": True, "nej": False}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(is_unconfirmed=wanted)


class SourceYearFilter(admin.SimpleListFilter):
    """The year of the source, as text: »2.014« is no year."""

    title = gettext_lazy("kildens år")
    parameter_name = "kildeaar"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        years = Entry.objects.order_by("-source_year").values_list("source_year", flat=True).distinct()
        return [(str(y), str(y)) for y in years if y]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value() or ""
        return (
            queryset.filter(source_year=int(value))
            if value.isascii() and value.isdigit() and len(value) == 4
            else queryset
        )


class MissingFilter(admin.SimpleListFilter):
    """What an entry ought to have and has not."""

    title = gettext_lazy("mangler")
    parameter_name = "mangler"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("arbejdsplads", _("Arbejdsplads")),
            ("fagomraade", _("Fagområde")),
            ("emner", _("Emner")),
            ("kilde", _("Kilde")),
            ("links", _("Links")),
            ("billede", _("Billede")),
            ("alt", _("Alternativ tekst til billede")),
            ("sektor", _("Sektor")),
            ("aar", _("Årstal")),
            ("virkning", _("Virkning (eksempler)")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        pictures = Picture.objects.filter(content=OuterRef("pk"))
        missing = {
            "arbejdsplads": Q(owner__isnull=True),
            "fagomraade": Q(subject_areas__isnull=True),
            "emner": Q(tags__isnull=True),
            "kilde": Q(source=""),
            "links": Q(links__isnull=True),
            "billede": ~Exists(pictures),
            "alt": Exists(pictures.filter(alt="")),
            "sektor": Q(sectors=[]),
            "aar": Q(year_from__isnull=True),
            "virkning": Q(kind=Kind.EXAMPLE, effect="", measures__isnull=True),
        }
        wanted = self.value() or ""
        return queryset.filter(missing[wanted]) if wanted in missing else queryset


@admin.register(Entry)
class EntryAdmin(ExchangeAdmin, ContentAdmin):
    """The catalogue's entries."""

    form = EntryForm
    list_display = ["title", "kind", "state_shown", "owner", "published", "updated"]
    list_filter: ClassVar = [
        "kind", "state", MissingFilter, SectorFilter, ("subject_areas", admin.RelatedFieldListFilter), ConfirmedFilter,
        UnconfirmedFilter,
        SourceYearFilter, "is_demo",
    ]  # fmt: skip
    search_fields: ClassVar = [
        "title",
        "summary",
        "=external_id",
        "slug",
        "owner__name",
        "owner__aliases__name",
        "tags__name",
    ]
    search_help_text = gettext_lazy("Søg i titel, resumé, arbejdsplads, emner og id i kilden.")
    ordering: ClassVar = ["-updated_at", "-pk"]
    date_hierarchy = "published_at"
    inlines: ClassVar = [*ContentAdmin.inlines, *ENTRY_INLINES]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup == "tags__id__exact" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    # -- the type decides ----------------------------------------------------

    def _kind(self, request: HttpRequest, obj: Entry | None) -> str:
        kind = obj.kind if obj is not None else request.POST.get("kind") or request.GET.get("kind", "")
        return kind if kind in KINDS else ""

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Ask for the type first: it decides the form."""
        if request.method == "GET" and not self._kind(request, None) and self.has_add_permission(request):
            query = request.GET.urlencode()
            context = {
                **self.admin_site.each_context(request),
                "title": _("Hvad vil du oprette?"),
                "kinds": [
                    (k.value, k.label, KIND_HELP[k], f"{query}&kind={k}" if query else f"kind={k}")
                    for k in KINDS
                ],
                "opts": self.opts,
                "media": self.media,
            }
            return TemplateResponse(request, "admin/catalogue/entry/choose_kind.html", context)
        response: HttpResponse = super().add_view(request, form_url, extra_context)
        return response

    def get_fieldsets(self, request: HttpRequest, obj: Entry | None = None) -> Any:
        """The sections typical of the type stand open and first; others are folded away unless they hold text."""
        kind = self._kind(request, obj) or Kind.EXAMPLE
        extra = EXTRA_FIELDS.get(Kind(kind), [])
        typical = {section.anchor for section in TYPICAL[kind]}
        first: list[Any] = [
            (
                None,
                {
                    "fields": [
                        "kind",
                        "title",
                        "summary",
                        "owner",
                        "status",
                        *extra,
                        "subject_areas",
                        "chosen_tags",
                        "new_tags",
                    ]
                },
            )
        ]
        folded: list[Any] = []
        for section in SECTIONS[kind]:
            names = [f for f in section.fields if f in Entry.TEXTS or f.endswith("_to_start")]
            if section.anchor == "om" or not names:
                continue
            filled = obj is not None and any(getattr(obj, name) not in ("", None) for name in names)
            is_open = section.anchor in typical or filled or section.anchor == "dokumentation"
            group = first if section.anchor in typical else folded
            classes = [] if is_open else ["collapse"]
            # Sections of one text stand together, so that the form is not all headings.
            if (
                len(names) == 1
                and group
                and len(group[-1][1]["fields"]) < 5
                and group[-1][1].get("single") == classes
            ):
                group[-1][1]["fields"] += names
                group[-1] = (f"{group[-1][0]} · {section.title}", group[-1][1])
            else:
                single = {"single": classes} if len(names) == 1 else {}
                group.append((section.title, {"fields": names, "classes": classes, **single}))
        first.append(
            (
                gettext_lazy("Brødtekst"),
                {"fields": ["body"], "classes": [] if obj and obj.body else ["collapse"]},
            )
        )
        folded += [
            (gettext_lazy("Flere oplysninger"), {"fields": [
                f for names in EXTRA_FIELDS.values() for f in names if f not in extra
            ], "classes": ["collapse"]}),
        ]  # fmt: skip
        places = (
            gettext_lazy("Sted og tid"),
            {"fields": ["sectors", "municipality", ("lat", "lng"), "region", ("year_from", "year_to")]},
        )
        values = (
            gettext_lazy("Nyt og værdi"),
            {"fields": ["novelty", "innovation_types", "values", "effect_known_by"], "classes": ["collapse"]},
        )
        source = (
            gettext_lazy("Kilde og bekræftelse"),
            {
                "fields": [
                    ("source", "source_year"),
                    ("confirmed_on", "is_unconfirmed"),
                    "external_id",
                    "is_demo",
                ]
            },
        )
        shown = (
            ["state_shown", "decisions_link", "author", "published_at", "created_at", "updated_at"]
            if obj
            else []
        )
        address = (gettext_lazy("Adresse og tilstand"), {"fields": ["slug", *shown], "classes": ["collapse"]})
        self_made = [*first, places, source, values, *folded, address]
        return self._with_guards(
            request,
            obj,
            [
                (t, {"classes": o.get("classes", []), "fields": o["fields"]})
                for t, o in self_made
                if o["fields"]
            ],
        )

    def _with_guards(self, request: HttpRequest, obj: Entry | None, fieldsets: list[Any]) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return self._readable(fieldsets, obj)
        fieldsets[0][1]["fields"] = ["edit_token", "overwrite", *fieldsets[0][1]["fields"]]
        return fieldsets

    def get_inline_instances(self, request: HttpRequest, obj: Entry | None = None) -> list[Any]:
        """The rows typical of the type stand open; others are folded away unless there are some."""
        kind = self._kind(request, obj) or Kind.EXAMPLE
        typical: list[Any] = [*INLINES.get(Kind(kind), []), PictureInline, LinkInline]
        found = super().get_inline_instances(request, obj)
        for inline in found:
            has_rows = (
                obj is not None
                and inline.model._base_manager.filter(**{_owner(inline.model): obj.pk}).exists()
            )
            inline.classes = [] if type(inline) in typical or has_rows else ["collapse"]
        order = {cls: n for n, cls in enumerate(typical)}
        return sorted(found, key=lambda i: order.get(type(i), len(order)))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Sections are as high as texts are long; years are plain numbers."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "subject_areas":
            field.widget.can_add_related, field.help_text = False, _("Et eksempel skal have mindst ét.")
        if db_field.name in Entry.TEXTS and field is not None:
            field.widget.attrs["rows"] = 6
        if db_field.name == "kind" and field is not None:
            field.choices = [(k.value, k.label) for k in KINDS]
            field.initial = self._kind(request, None) or None
            field.help_text = _("Retter du typen, så gem, og se, hvilke afsnit den nye type har.")
        return field


def _owner(model: type[Any]) -> str:
    """The column of `model` that points at the content."""
    names = {f.name for f in model._meta.concrete_fields}
    return "entry_id" if "entry" in names else "content_id"


__all__ = ["EntryAdmin", "admin_collections", "admin_stories"]
