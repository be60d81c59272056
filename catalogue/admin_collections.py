"""Collections in admin: a collection has chapters, and each chapter a page of its own with its entries in order."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.editing import EditForm
from accounts.history import Source, event_models
from accounts.staff_admin import StaffAdmin
from catalogue.models import Chapter, Collection, CollectionEntry, Entry
from editorial.admin_parts import OrderedInline
from editorial.slugs import danish_slug


class CollectionForm(EditForm):
    """A collection; its address is made of its title when left empty."""

    class Meta:
        model = Collection
        fields: ClassVar = [
            "title",
            "slug",
            "summary",
            "introduction",
            "source",
            "source_year",
            "position",
            "published",
        ]
        help_texts: ClassVar = {
            "slug": gettext_lazy(
                "Sidste led i adressen. Tom: laves af titlen. Ret den ikke, når samlingen er offentliggjort."
            )
        }
        widgets: ClassVar = {"summary": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        slug: str = (
            self.cleaned_data.get("slug") or danish_slug(self.cleaned_data.get("title", "")) or "samling"
        )
        if Collection.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("En anden samling har den adresse."))
        return slug


class ChapterInline(OrderedInline):
    model = Chapter
    fields: ClassVar = ["position", "title", "introduction", "entries_link"]
    readonly_fields: ClassVar = ["entries_link"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Chapter]:
        rows: QuerySet[Chapter] = super().get_queryset(request)
        return rows.annotate(number=Count("items"))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "introduction":
            field.widget.attrs |= {"rows": 2, "cols": 40}
        return field

    @admin.display(description=gettext_lazy("indlæg"))
    def entries_link(self, obj: Any) -> SafeString | str:
        """A link to the chapter's page."""
        if not obj.pk:
            return _("Gem først.")
        url = reverse("admin:catalogue_chapter_change", args=[obj.pk])
        number = getattr(obj, "number", 0)
        return format_html('<a href="{}">{}</a>', url, _("Vælg indlæg (%s)") % number)


@admin.register(Collection)
class CollectionAdmin(StaffAdmin):
    """Curated collections."""

    form = CollectionForm
    list_display = ["title", "published", "chapter_count", "position"]
    list_editable: ClassVar = ["position"]
    list_filter: ClassVar = ["published"]
    search_fields: ClassVar = ["title", "summary"]
    inlines: ClassVar = [ChapterInline]
    fieldsets: ClassVar = [
        (None, {"fields": ["title", "summary", "introduction", "published"]}),
        (gettext_lazy("Kilde"), {"fields": [("source", "source_year")]}),
        (gettext_lazy("Adresse og rækkefølge"), {"fields": ["slug", "position"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        rows: QuerySet[Collection] = super().get_queryset(request)
        return rows.annotate(number=Count("chapters"))

    @admin.display(description=gettext_lazy("kapitler"), ordering="number")
    def chapter_count(self, obj: Any) -> int:
        """How many chapters it has."""
        return int(obj.number)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not while anyone can read it: take the tick from »offentliggjort« first."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.published)

    def get_actions(self, request: HttpRequest) -> Any:
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview)
        return [path("<int:pk>/se/", view, name="catalogue_collection_preview"), *super().get_urls()]

    def view_on_site(self, obj: Collection) -> str:
        """The page; before it is public, the same page shown to staff."""
        return (
            obj.get_absolute_url()
            if obj.published
            else reverse("admin:catalogue_collection_preview", args=[obj.pk])
        )

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The collection's page as it will be; entries that are not public are left out, as they will be."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        collection = Collection.objects.filter(pk=pk).first()
        if collection is None:
            raise Http404
        items = CollectionEntry.objects.filter(entry__state="published").order_by("position", "id")
        items = items.prefetch_related(Prefetch("entry", Entry.objects.with_card()))
        chapters = collection.chapters.prefetch_related(Prefetch("items", items, to_attr="shown"))
        return render(
            request, "catalogue/collection_detail.html", {"collection": collection, "chapters": chapters}
        )

    def history_sources(self, obj: Collection) -> list[Source]:
        """Also what moved in and out of its chapters."""
        events = next(m for m in event_models() if m.pgh_tracked_model is CollectionEntry)  # type: ignore[attr-defined]
        chapters = Chapter.objects.filter(collection=obj).values("pk")
        return [Source(events, {"chapter_id__in": chapters})]


class ItemInline(OrderedInline):
    model = CollectionEntry
    fields: ClassVar = ["position", "entry", "state"]
    readonly_fields: ClassVar = ["state"]
    autocomplete_fields: ClassVar = ["entry"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CollectionEntry]:
        rows: QuerySet[CollectionEntry] = super().get_queryset(request)
        return rows.select_related("entry")

    @admin.display(description=gettext_lazy("tilstand"))
    def state(self, obj: CollectionEntry) -> str:
        """Whether readers see it there."""
        return obj.entry.get_state_display() if obj.pk else "–"


@admin.register(Chapter)
class ChapterAdmin(StaffAdmin):
    """A chapter and its entries in order; reached from its collection."""

    list_display = ["title", "collection", "position"]
    list_select_related: ClassVar = ["collection"]
    list_filter: ClassVar = ["collection"]
    search_fields: ClassVar = ["title"]
    inlines: ClassVar = [ItemInline]
    fieldsets: ClassVar = [(None, {"fields": ["collection", "title", "introduction"]})]

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Not on the index page: one comes here from the collection."""
        return {}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Chapters are added on the collection's page."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["collection"]

    def view_on_site(self, obj: Chapter) -> str:
        if obj.collection.published:
            return obj.collection.get_absolute_url()
        return reverse("admin:catalogue_collection_preview", args=[obj.collection_id])

    def response_change(self, request: HttpRequest, obj: Chapter) -> HttpResponse:
        """Back to the collection, unless there is more to do here."""
        response = super().response_change(request, obj)
        if isinstance(response, HttpResponseRedirect) and "_save" in request.POST:
            return HttpResponseRedirect(
                reverse("admin:catalogue_collection_change", args=[obj.collection_id])
            )
        return response
