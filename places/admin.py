"""Places in admin. `WorkplaceAdmin` is registered by editorial, which keeps the search documents up to date."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.editing import PeriodFormSet
from accounts.staff_admin import StaffAdmin, StaffInline
from places.actions import follow_the_day, periods_of_today, record_change
from places.forms import MembershipForm, MergeForm, WorkplaceForm, WorkplacePeriodForm
from places.merging import MergeError, merge_workplaces, what_moves
from places.models import (
    Municipality,
    MunicipalityRegion,
    Region,
    Succession,
    Workplace,
    WorkplaceAlias,
    WorkplaceDomain,
    WorkplacePeriod,
)

MERGE_AT_MOST = 10


class MembershipInline(StaffInline):
    model = MunicipalityRegion
    form = MembershipForm
    formset = PeriodFormSet
    fields: ClassVar = ["region", "valid_from", "valid_to"]


@admin.register(Region)
class RegionAdmin(StaffAdmin):
    """Regions come and go by law; an old code keeps its meaning, so none is deleted."""

    list_display = ["name", "code", "valid_from", "valid_to", "successor"]
    list_select_related: ClassVar = ["successor"]
    search_fields: ClassVar = ["name", "short_name", "code"]
    fieldsets: ClassVar = [
        (None, {"fields": ["code", "name", "short_name", "valid_from", "valid_to", "successor"]})
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["code"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Municipality)
class MunicipalityAdmin(StaffAdmin):
    """The 98 municipalities, and which region each belongs to in which period."""

    list_display = ["full_name", "code", "region_today", "seat"]
    search_fields: ClassVar = ["name", "full_name", "code"]
    list_per_page = 100
    inlines: ClassVar = [MembershipInline]
    fieldsets: ClassVar = [
        (
            None,
            {
                "fields": [
                    "code",
                    "name",
                    "full_name",
                    "seat",
                    ("lat", "lng"),
                    ("population", "population_year"),
                ]
            },
        )
    ]
    logged_relations: ClassVar = ("memberships",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Municipality]:
        rows = MunicipalityRegion.objects.select_related("region")
        return super().get_queryset(request).prefetch_related(Prefetch("memberships", rows))

    @admin.display(description=gettext_lazy("region nu"))
    def region_today(self, obj: Municipality) -> str:
        """The region of today, from what was prefetched."""
        day = timezone.localdate()
        for row in obj.memberships.all():
            if row.valid_from <= day and (row.valid_to is None or day < row.valid_to):
                return str(row.region)
        return ""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["code"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PeriodInline(StaffInline):
    model = WorkplacePeriod
    fk_name = "workplace"
    form = WorkplacePeriodForm
    formset = PeriodFormSet
    fields: ClassVar = ["name", "sector", "parent", "valid_from", "valid_to"]
    autocomplete_fields: ClassVar = ["parent"]


class SuccessionInline(StaffInline):
    model = Succession
    fk_name = "predecessor"
    fields: ClassVar = ["successor", "kind", "year"]
    autocomplete_fields: ClassVar = ["successor"]


class AliasInline(StaffInline):
    model = WorkplaceAlias
    fields: ClassVar = ["name"]


class DomainInline(StaffInline):
    model = WorkplaceDomain
    fields: ClassVar = ["domain"]


class ClosedFilter(admin.SimpleListFilter):
    """Open or closed workplaces."""

    title = gettext_lazy("nedlagt")
    parameter_name = "nedlagt"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("nej", _("Findes")), ("ja", _("Nedlagt"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() is None else queryset.filter(closed_on__isnull=self.value() == "nej")


class WorkplaceAdmin(StaffAdmin):
    """Workplaces: found by every name they have had, changed with the old name kept, merged when two are one."""

    form = WorkplaceForm
    list_display = [
        "name",
        "sector",
        "parent",
        "municipality",
        "closed_on",
        "is_demo",
        "updated_at",
    ]
    list_select_related: ClassVar = ["parent", "municipality"]
    list_filter: ClassVar = [
        "sector",
        ClosedFilter,
        "is_demo",
        ("municipality", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields: ClassVar = ["name", "periods__name", "aliases__name", "domains__domain", "=cvr", "slug"]
    autocomplete_fields: ClassVar = ["parent", "municipality"]
    prepopulated_fields: ClassVar = {}
    readonly_fields: ClassVar = ["created_at", "updated_at", "confirmed_on", "confirmation_asked_on"]
    inlines: ClassVar = [PeriodInline, AliasInline, SuccessionInline, DomainInline]
    logged_relations: ClassVar = ("aliases", "domains", "successions")
    actions = ["merge"]
    fieldsets: ClassVar = [
        (None, {"fields": ["name", "sector", "parent", "how_changed", "changed_on", "slug", "closed_on"]}),
        (
            gettext_lazy("Hvor"),
            {"fields": ["municipality", "address", ("postcode", "city"), ("lat", "lng")]},
        ),
        (gettext_lazy("Kontakt"), {"fields": ["website", "mailbox", "cvr"]}),
        (
            gettext_lazy("Internt"),
            {
                "fields": [
                    "note",
                    "is_demo",
                    ("created_at", "updated_at"),
                    ("confirmed_on", "confirmation_asked_on"),
                ],
                "classes": ["collapse"],
            },
        ),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new workplace has no past to ask about."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            asked = ("how_changed", "changed_on")
            first = fieldsets[0][1]
            fieldsets[0] = (None, first | {"fields": [f for f in first["fields"] if f not in asked]})
        return fieldsets

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only one that nothing points at; else it is closed, or merged with its twin."""
        if not super().has_delete_permission(request, obj):
            return False
        if obj is None:
            return True
        own = {"periods", "aliases", "slugs", "domains", "document"}
        return not any(
            getattr(obj, r.get_accessor_name()).exists()
            for r in obj._meta.related_objects
            if r.one_to_many
            and r.get_accessor_name() not in own
            and not r.get_accessor_name().startswith("events")
        )

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request: HttpRequest, obj: Workplace, form: Any, change: bool) -> None:
        """Save; a real change of name, sector or parent waits until the periods of the same page are saved."""
        form.traced = {name: getattr(obj, name) for name in form.traced_changes}
        if form.traced and form.cleaned_data["how_changed"] == form.CHANGE:
            before = Workplace.objects.get(pk=obj.pk)
            for name in form.traced:
                setattr(obj, name, getattr(before, name))
        super().save_model(request, obj, form, change)

    def after_save(self, request: HttpRequest, obj: Workplace, form: Any, change: bool) -> None:
        """Put the change into the periods, and let the workplace be what the period of today says."""
        if form.traced and form.cleaned_data["how_changed"] == form.CHANGE:
            record_change(workplace=obj, on=form.cleaned_data["changed_on"], **form.traced)
            obj.refresh_from_db()
        elif form.traced:
            periods_of_today().filter(workplace=obj).update(**form.traced)
        for row in follow_the_day(workplace=obj):
            obj.name, obj.sector, obj.parent_id = row.name, row.sector, row.parent_id
            if not form.traced:
                self.message_user(
                    request,
                    _("Navn, sektor og »hører under« følger den periode, der gælder i dag."),
                    messages.INFO,
                )
        self.changed(request, [obj])

    def changed(self, request: HttpRequest, workplaces: list[Workplace]) -> None:
        """Called after a change, in its transaction. A layer above keeps what it derives from workplaces up to date."""

    def merged(self, *, keep: Workplace, duplicate: Workplace, by: Any) -> None:
        """Merge two. A layer above adds what it knows."""
        merge_workplaces(keep=keep, duplicate=duplicate, by=by)

    # -- merging ----------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("laeg-sammen/", self.admin_site.admin_view(self.merge_view), name="places_workplace_merge")
        ]
        return [*own, *super().get_urls()]

    @admin.action(
        description=gettext_lazy("Læg sammen (to rækker for den samme arbejdsplads)"), permissions=["change"]
    )
    def merge(self, request: HttpRequest, queryset: models.QuerySet[Workplace]) -> HttpResponse | None:
        """Go to the page that shows what would move."""
        ids = list(queryset.values_list("pk", flat=True)[: MERGE_AT_MOST + 1])
        if not 2 <= len(ids) <= MERGE_AT_MOST:
            text = _("Vælg mindst to og højst %s arbejdspladser, der er den samme.") % MERGE_AT_MOST
            self.message_user(request, text, messages.WARNING)
            return None
        return redirect(f"{reverse('admin:places_workplace_merge')}?ids={','.join(map(str, ids))}")

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Show what each has, ask which to keep, and merge the others into it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        raw = (request.POST.get("ids") or request.GET.get("ids", ""))[:200]
        ids = [int(x) for x in raw.split(",") if x.isascii() and x.isdigit() and len(x) < 18]
        chosen = Workplace.objects.filter(pk__in=ids[:MERGE_AT_MOST]).with_place()
        back = reverse("admin:places_workplace_changelist")
        if len(chosen) < 2:
            self.message_user(request, _("Der er ikke længere to at lægge sammen."), messages.WARNING)
            return redirect(back)
        form = MergeForm(request.POST or None, choices=chosen, initial={"keep": chosen[0].pk})
        if request.method == "POST" and form.is_valid():
            keep = form.cleaned_data["keep"]
            for duplicate in chosen:
                if duplicate.pk == keep.pk:
                    continue
                try:
                    self.merged(keep=keep, duplicate=duplicate, by=request.user)
                except MergeError as error:
                    self.message_user(request, " ".join(error.messages), messages.ERROR)
                else:
                    text = format_html(_("»{}« er lagt sammen med »{}«."), duplicate.name, keep.name)
                    self.message_user(request, text, messages.SUCCESS)
            return redirect(reverse("admin:places_workplace_change", args=[keep.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Læg arbejdspladser sammen"),
            "opts": self.opts,
            "form": form,
            "ids": ",".join(str(w.pk) for w in chosen),
            "rows": [(w, what_moves(w)) for w in chosen],
            "media": self.media,
        }
        return TemplateResponse(request, "admin/places/merge.html", context)
