"""Projects and innovation units in admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from editorial.admin_content import ContentAdmin, ContentForm
from editorial.choices import Kind
from mapping.models import Project, Unit

_WIDGETS: dict[str, Any] = {
    "title": forms.TextInput(attrs={"class": "vLargeTextField"}),
    "summary": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    "subject_areas": forms.CheckboxSelectMultiple,
}
_DECIDED = ["kind", "state", "author", "published_at", "tags", "participants"]
"""Columns that follow the type, the transitions and the fields of their own."""


class ProjectForm(ContentForm):
    """A project."""

    class Meta:
        model = Project
        exclude: ClassVar = _DECIDED
        widgets: ClassVar = _WIDGETS


class UnitForm(ContentForm):
    """An innovation unit."""

    class Meta:
        model = Unit
        exclude: ClassVar = _DECIDED
        widgets: ClassVar = _WIDGETS


class LandscapeAdmin(ContentAdmin):
    """What projects and units have in common."""

    kind: ClassVar[Kind]
    texts: ClassVar[tuple[str, ...]]
    list_display = ["title", "state_shown", "owner", "municipality", "published", "updated"]
    list_filter: ClassVar = ["state", ("subject_areas", admin.RelatedFieldListFilter), "is_demo"]
    list_select_related: ClassVar = ["owner", "municipality"]
    search_fields: ClassVar = [
        "title",
        "summary",
        "slug",
        "=external_id",
        "owner__name",
        "owner__aliases__name",
    ]
    search_help_text = gettext_lazy("Søg i titel, resumé, arbejdsplads og id i kilden.")
    ordering: ClassVar = ["-updated_at", "-pk"]

    def own_fieldsets(self) -> list[Any]:
        """The type's own parts, after the first."""
        raise NotImplementedError

    def get_fieldsets(self, request: HttpRequest, obj: Project | Unit | None = None) -> Any:
        """Title and texts first; state and dates last."""
        may = obj is None or self.has_change_permission(request, obj)
        shown = (
            ["state_shown", "decisions_link", "author", "published_at", "created_at", "updated_at"]
            if obj
            else []
        )
        guards = ["edit_token", "overwrite"] if may else []
        fieldsets: list[Any] = [
            (
                None,
                {
                    "fields": [
                        *guards,
                        "title",
                        "summary",
                        "owner",
                        "subject_areas",
                        "chosen_tags",
                        "new_tags",
                    ]
                },
            ),
            *self.own_fieldsets(),
            (
                gettext_lazy("Sted og tid"),
                {"fields": ["municipality", ("lat", "lng"), "region", "sectors", ("year_from", "year_to")]},
            ),
            (
                gettext_lazy("Kilde og bekræftelse"),
                {
                    "fields": [
                        ("source", "source_year"),
                        ("confirmed_on", "is_unconfirmed"),
                        "external_id",
                        "is_demo",
                    ]
                },
            ),
            (gettext_lazy("Adresse og tilstand"), {"fields": ["slug", *shown], "classes": ["collapse"]}),
        ]
        return fieldsets if may or obj is None else self._readable(fieldsets, obj)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Sections are as high as texts are long."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in self.texts and field is not None:
            field.widget.attrs["rows"] = 5
        if db_field.name == "subject_areas" and field is not None:
            field.widget.can_add_related = False
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The type decides the kind."""
        obj.kind = self.kind
        super().save_model(request, obj, form, change)


@admin.register(Project)
class ProjectAdmin(LandscapeAdmin):
    """Projects, governance laboratories among them."""

    form = ProjectForm
    kind = Kind.PROJECT
    texts = Project.TEXTS
    list_filter: ClassVar = ["state", "status", "is_laboratory", *LandscapeAdmin.list_filter[1:]]
    autocomplete_fields: ClassVar = [*ContentAdmin.autocomplete_fields, "example"]

    def own_fieldsets(self) -> list[Any]:
        """What is tried, how far it is, and what came of it."""
        return [
            (
                gettext_lazy("Projektet"),
                {"fields": ["status", "period", "is_laboratory", "site", "partners", "example"]},
            ),
            (gettext_lazy("Tekst"), {"fields": [*Project.TEXTS]}),
        ]


@admin.register(Unit)
class UnitAdmin(LandscapeAdmin):
    """Innovation units."""

    form = UnitForm
    kind = Kind.UNIT
    texts = Unit.TEXTS
    autocomplete_fields: ClassVar = [*ContentAdmin.autocomplete_fields, "same_entry", "same_workplace"]

    def own_fieldsets(self) -> list[Any]:
        """What it does, for whom, and whether it is still there."""
        return [
            (gettext_lazy("Tekst"), {"fields": [*Unit.TEXTS]}),
            (
                gettext_lazy("Enheden"),
                {"fields": ["size", ("closed_year", "after_closing"), "same_entry", "same_workplace"]},
            ),
        ]
