"""Storms and ideas in admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.staff_admin import StaffAdmin
from editorial.admin_content import ContentAdmin, ContentForm
from editorial.admin_parts import LinkInline, OrderedInline, PictureInline
from editorial.choices import Kind
from ideastorm.choices import StormPhase
from ideastorm.models import Criterion, Idea, Invitation, Storm
from ideastorm.showing import countdown

_WIDGETS: dict[str, Any] = {
    "title": forms.TextInput(attrs={"class": "vLargeTextField"}),
    "question": forms.TextInput(attrs={"class": "vLargeTextField"}),
    "summary": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    "subject_areas": forms.CheckboxSelectMultiple,
}
_DECIDED = ["kind", "state", "author", "published_at", "tags", "participants"]
"""Columns that follow the type, the transitions and the fields of their own."""


class StormForm(ContentForm):
    """A storm."""

    class Meta:
        model = Storm
        exclude: ClassVar = _DECIDED
        widgets: ClassVar = _WIDGETS
        help_texts: ClassVar = {
            "title": gettext_lazy(
                "Emnet med få ord, f.eks. »Breve, man forstår«. Højst 120 tegn. Bliver til adressen."
            ),
            "summary": gettext_lazy("En eller to sætninger under spørgsmålet: hvem kan hjælpe, og hvad med?"),
            "owner": gettext_lazy("Den, der spørger. Navnet står på siden."),
            "deputy": gettext_lazy("Svarer, når den, der ejer spørgsmålet, ikke kan."),
        }

    def clean(self) -> dict[str, Any] | None:
        """What a date may not be, said at the date. The sentences are the database's."""
        cleaned = super().clean()
        at = self.cleaned_data
        opens, closes, until, promised = (
            at.get(name) for name in ("opens_at", "closes_at", "support_until", "promised_on")
        )
        wrong = {
            "closes_at": opens and closes and closes <= opens and "storm_closes_after_opening",
            "support_until": closes and until and until < closes and "storm_support_not_before_closing",
            "promised_on": until
            and promised
            and promised < timezone.localdate(until)
            and "storm_promise_after_support",
            "deputy": at.get("deputy") is not None
            and at.get("deputy") == at.get("answerer")
            and "storm_deputy_is_another",
        }
        said = {rule.name: rule.violation_error_message or rule.name for rule in Storm._meta.constraints}
        for field, rule in wrong.items():
            if rule and field not in self.errors:
                self.add_error(field, ValidationError(said[rule]))
        return cleaned


class IdeaForm(ContentForm):
    """An idea."""

    class Meta:
        model = Idea
        exclude: ClassVar = [*_DECIDED, "raised_from"]
        widgets: ClassVar = _WIDGETS
        help_texts: ClassVar = {"title": gettext_lazy("Ideen i én linje. Højst 120 tegn.")}


class CriterionInline(OrderedInline):
    """Criteria with weights; they stand once the storm has opened."""

    model = Criterion
    fields: ClassVar = ["title", "explanation", "weight", "position"]

    def _is_open(self, obj: Storm | None) -> bool:
        if obj is None or obj.published_at is None:
            return False
        return not Storm.objects.in_phase(StormPhase.ANNOUNCED).filter(pk=obj.pk).exists()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not self._is_open(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not self._is_open(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not self._is_open(obj)


class PhaseFilter(admin.SimpleListFilter):
    """Where storms are now, by the database's clock."""

    title = gettext_lazy("fase")
    parameter_name = "fase"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(StormPhase.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(phase=self.value()) if self.value() in StormPhase.values else queryset


class StormContentAdmin(ContentAdmin):
    """What storms and ideas have in common."""

    kind: ClassVar[Kind]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Texts are high enough; subject areas are not made here."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.SplitDateTimeField) and isinstance(field.widget, forms.MultiWidget):
            for part, word in zip(field.widget.widgets, (_("dato"), _("klokkeslæt")), strict=True):
                part.attrs["aria-label"] = f"{field.label}, {word}"
        if field is not None and db_field.name in ("background", "text"):
            field.widget.attrs["rows"] = 8
        if field is not None and db_field.name == "subject_areas":
            field.widget.can_add_related = False
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The type decides the kind."""
        obj.kind = self.kind
        super().save_model(request, obj, form, change)

    def _standing(self, obj: Any) -> list[str]:
        return (
            ["state_shown", "decisions_link", "author", "published_at", "created_at", "updated_at"]
            if obj
            else []
        )


@admin.register(Storm)
class StormAdmin(StormContentAdmin):
    """Storms: set up here, published by the button as anything else; the clock does the rest."""

    form = StormForm
    kind = Kind.STORM
    list_display = ["title", "state_shown", "phase_shown", "owner", "opens_at", "closes_at", "promised_on"]
    list_filter: ClassVar = [PhaseFilter, "state", "access", "is_demo"]
    list_select_related: ClassVar = ["owner"]
    search_fields: ClassVar = ["title", "question", "summary", "slug", "owner__name"]
    search_help_text = gettext_lazy("Søg i emne, spørgsmål, resumé og arbejdsplads.")
    ordering: ClassVar = ["-opens_at", "-pk"]
    readonly_fields: ClassVar = [*ContentAdmin.readonly_fields, "phase_shown", "finished_at", "closed_openly"]
    autocomplete_fields: ClassVar = [*ContentAdmin.autocomplete_fields, "answerer", "deputy"]
    inlines: ClassVar = [CriterionInline, PictureInline, LinkInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Storm]:
        """With the phase."""
        rows: Any = super().get_queryset(request)
        with_phase: QuerySet[Storm] = rows.with_phase()
        return with_phase

    @admin.display(description=gettext_lazy("fase"))
    def phase_shown(self, obj: Storm) -> str:
        """The phase, and when it changes by itself."""
        if obj.pk is None:
            return "–"
        return f"{obj.phase_label}. {countdown(obj).sentence}"

    def get_fieldsets(self, request: HttpRequest, obj: Storm | None = None) -> Any:
        """In the order in which one thinks of a storm."""
        may = obj is None or self.has_change_permission(request, obj)
        guards = ["edit_token", "overwrite"] if may else []
        shown = self._standing(obj)
        fieldsets: list[Any] = [
            (None, {"fields": [*guards, "title", "question", "summary", "background"]}),
            (
                gettext_lazy("Hvem spørger, og hvem svarer"),
                {"fields": ["owner", ("answerer", "deputy"), "discussed_on", "discussed_note"]},
            ),
            (
                gettext_lazy("Hvornår"),
                {
                    "fields": [
                        *(["phase_shown"] if obj else []),
                        "opens_at",
                        "closes_at",
                        ("support_until", "support_while_open"),
                        "promised_on",
                        *(["finished_at", "closed_openly"] if obj else []),
                    ],
                    "description": gettext_lazy(
                        "Portalens ur skifter fase af sig selv. Når idéstormen er åbnet, ligger åbning, vilkår, "
                        "kriterier og den lovede dag fast."
                    ),
                },
            ),
            (gettext_lazy("Vilkår"), {"fields": ["access", "moderation", "authors_shown"]}),
            (
                gettext_lazy("Emner, som ideer kan få"),
                {"fields": ["chosen_tags", "new_tags", "subject_areas"]},
            ),
            (
                gettext_lazy("Sted"),
                {
                    "fields": ["municipality", ("lat", "lng"), "region", "sectors", "is_demo", "external_id"],
                    "classes": ["collapse"],
                },
            ),
            (gettext_lazy("Adresse og tilstand"), {"fields": ["slug", *shown], "classes": ["collapse"]}),
        ]
        return fieldsets if may or obj is None else self._readable(fieldsets, obj)


@admin.register(Idea)
class IdeaAdmin(StormContentAdmin):
    """Ideas. What was sent is corrected here only when it has to be: a name, a number."""

    form = IdeaForm
    kind = Kind.IDEA
    list_display = ["title", "state_shown", "storm", "workplace", "merged_into", "published", "updated"]
    list_filter: ClassVar = ["state", ("storm", admin.RelatedOnlyFieldListFilter), "sent_late", "is_demo"]
    list_select_related: ClassVar = ["storm", "workplace", "merged_into"]
    search_fields: ClassVar = ["title", "text", "slug", "storm__title"]
    search_help_text = gettext_lazy("Søg i titel, tekst og idéstorm.")
    ordering: ClassVar = ["-updated_at", "-pk"]
    readonly_fields: ClassVar = [*ContentAdmin.readonly_fields, "merged_into", "sent_late"]
    autocomplete_fields: ClassVar = ["municipality", "storm", "workplace", "reuses"]
    inlines: ClassVar = [PictureInline, LinkInline]

    def get_fieldsets(self, request: HttpRequest, obj: Idea | None = None) -> Any:
        """The idea first."""
        may = obj is None or self.has_change_permission(request, obj)
        guards = ["edit_token", "overwrite"] if may else []
        follows = ["merged_into", "sent_late"] if obj else []
        fieldsets: list[Any] = [
            (None, {"fields": [*guards, "storm", "title", "summary", "text", "chosen_tags", "new_tags"]}),
            (
                gettext_lazy("Det viser vi om den, der skrev"),
                {"fields": ["workplace", "shown_as", "shown_name"]},
            ),
            (gettext_lazy("Hører sammen med"), {"fields": ["reuses", *follows]}),
            (
                gettext_lazy("Sted"),
                {"fields": ["municipality", "region", "sectors", "subject_areas", "is_demo", "external_id"]},
            ),
            (
                gettext_lazy("Adresse og tilstand"),
                {"fields": ["slug", *self._standing(obj)], "classes": ["collapse"]},
            ),
        ]
        return fieldsets if may or obj is None else self._readable(fieldsets, obj)


@admin.register(Invitation)
class InvitationAdmin(StaffAdmin):
    """A workplace's link. Revoked by a date; a new one is another row."""

    list_display = ["workplace", "storm", "created_at", "revoked_at"]
    list_filter: ClassVar = [("storm", admin.RelatedOnlyFieldListFilter)]
    list_select_related: ClassVar = ["workplace", "storm"]
    search_fields: ClassVar = ["workplace__name", "storm__title"]
    search_help_text = gettext_lazy("Søg i arbejdsplads og idéstorm.")
    autocomplete_fields: ClassVar = ["storm", "workplace"]
    fields: ClassVar = ["storm", "workplace", "link", "revoked_at"]
    readonly_fields: ClassVar = ["link"]

    @admin.display(description=gettext_lazy("link"))
    def link(self, obj: Invitation) -> SafeString | str:
        """What the workplace is sent."""
        if obj.pk is None or not obj.storm.slug:
            return _("Linket kommer, når idéstormen er offentliggjort, og invitationen er gemt.")
        url = reverse("ideastorm:invitation", args=[obj.storm.slug, obj.code])
        address = settings.SITE_URL + url  # it is copied into a mail
        return format_html('<a href="{}">{}</a>', url, address)
