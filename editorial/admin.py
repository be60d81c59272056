"""Tags, subject areas, the log of decisions, and workplaces (whose search documents are kept here)."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.editing import EditForm, KeepingFormSet
from accounts.former import names_of
from accounts.models import User
from accounts.staff_admin import StaffAdmin, StaffInline, SturdyList
from editorial import actions, admin_queue, admin_roles  # noqa: F401 - they register reasons and roles
from editorial.diffs import named
from editorial.models import Content, Decision, SubjectArea, Tag, TagSynonym
from editorial.slugs import danish_slug
from places.admin import WorkplaceAdmin
from places.models import Workplace

MERGE_AT_MOST = 20


@admin.register(Workplace)
class IndexedWorkplaceAdmin(WorkplaceAdmin):
    """Workplaces, with the search documents that name them."""

    def changed(self, request: HttpRequest, workplaces: list[Workplace]) -> None:
        for workplace in workplaces:
            actions.reindex_workplace(workplace=Workplace.objects.get(pk=workplace.pk))

    def merged(self, *, keep: Workplace, duplicate: Workplace, by: Any) -> None:
        actions.merge_workplaces(keep=keep, duplicate=duplicate, by=by)


# -- tags -----------------------------------------------------------------------


class SynonymForm(forms.ModelForm):
    """A synonym; not the name of a tag, for then the word would mean two things."""

    class Meta:
        model = TagSynonym
        fields: ClassVar = ["name"]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if Tag.objects.filter(name__iexact=name).exists():
            raise ValidationError(_("»%s« er et emne. Læg de to emner sammen i stedet.") % name)
        return name


class SynonymFormSet(KeepingFormSet):
    """Synonyms of one tag, each once whatever the case."""

    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            name = str(form.cleaned_data.get("name", "")).casefold() if hasattr(form, "cleaned_data") else ""
            if name and form not in self.deleted_forms:
                if name in seen:
                    raise ValidationError(_("Det samme ord står to gange."))
                seen.add(name)


class SynonymInline(StaffInline):
    model = TagSynonym
    form = SynonymForm
    formset = SynonymFormSet
    fields: ClassVar = ["name"]


class TagForm(EditForm):
    """A tag. Its address is made of its name, and the name it had lives on as a synonym if staff want."""

    keep_old = forms.BooleanField(
        label=gettext_lazy("Gem det gamle navn som synonym, hvis navnet rettes"), required=False, initial=True
    )

    class Meta:
        model = Tag
        fields: ClassVar = ["name", "slug"]
        labels: ClassVar = {"name": gettext_lazy("Navn"), "slug": gettext_lazy("Adresse")}
        help_texts: ClassVar = {"slug": gettext_lazy("Sidste led i emnets adresse. Tom: laves af navnet.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_name(self) -> str:
        """One spelling of each word, whatever the case; and no tag that is another's synonym."""
        name = " ".join(self.cleaned_data["name"].split())
        if Tag.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Emnet findes. Læg de to sammen i stedet."))
        if TagSynonym.objects.filter(name__iexact=name).exclude(tag=self.instance.pk).exists():
            raise ValidationError(_("Ordet er synonym for et andet emne."))
        return name

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data.get("slug") or danish_slug(self.cleaned_data.get("name", "")) or "emne"
        if Tag.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Et andet emne har den adresse."))
        return slug


class TagMergeForm(forms.Form):
    """Which of the chosen tags to keep."""

    keep: forms.ModelChoiceField[Tag] = forms.ModelChoiceField(
        queryset=Tag.objects.none(),
        label=gettext_lazy("Behold"),
        widget=forms.RadioSelect,
        empty_label=None,
        help_text=gettext_lazy("De andre bliver synonymer for det, og alt, der har dem, får dette emne."),
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep"].queryset = choices  # type: ignore[attr-defined]


@admin.register(Tag)
class TagAdmin(StaffAdmin):
    """Tags: renamed, merged, with synonyms; the search documents follow."""

    form = TagForm
    list_display = ["name", "address", "synonym_list", "uses"]
    search_fields: ClassVar = ["name", "synonyms__name"]
    ordering: ClassVar = ["sort_key"]
    inlines: ClassVar = [SynonymInline]
    actions = ["merge"]
    logged_relations: ClassVar = ("synonyms",)
    fieldsets: ClassVar = [(None, {"fields": ["name", "keep_old", "slug"]})]
    list_per_page = 100

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Tag] = rows.annotate(use_count=Count("items", distinct=True))
        return found.prefetch_related("synonyms")

    @admin.display(description=gettext_lazy("adresse"), ordering="slug")
    def address(self, obj: Tag) -> str:
        """The last part of its page's address; the library's own name of the field is English."""
        return str(obj.slug)

    @admin.display(description=gettext_lazy("bruges på"), ordering="use_count")
    def uses(self, obj: Any) -> SafeString:
        """How much has the tag, with a link to it."""
        url = f"{reverse('admin:catalogue_entry_changelist')}?tags__id__exact={obj.pk}"
        return format_html('<a href="{}">{}</a>', url, obj.use_count)

    @admin.display(description=gettext_lazy("synonymer"))
    def synonym_list(self, obj: Tag) -> str:
        """The synonyms, in one cell."""
        return ", ".join(s.name for s in obj.synonyms.all())

    def get_actions(self, request: HttpRequest) -> Any:
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        form.old_name = form.initial.get("name", "")
        super().save_model(request, obj, form, change)

    def after_save(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        renamed = change and form.old_name and form.old_name.casefold() != obj.name.casefold()
        if renamed and form.cleaned_data.get("keep_old"):
            actions.add_synonym(tag=obj, name=form.old_name)
        obj.synonyms.filter(name__iexact=obj.name).delete()
        actions.reindex_tag(tag=obj)

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        """The content that had it is indexed anew."""
        affected = actions.tag_uses([obj])
        super().delete_model(request, obj)
        actions.reindex_content(ids=affected)

    def get_urls(self) -> list[URLPattern]:
        own = [path("laeg-sammen/", self.admin_site.admin_view(self.merge_view), name="editorial_tag_merge")]
        return [*own, *super().get_urls()]

    @admin.action(description=gettext_lazy("Læg de valgte emner sammen"), permissions=["change"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Tag]) -> HttpResponse | None:
        """Go to the page that asks which to keep."""
        ids = list(queryset.values_list("pk", flat=True)[: MERGE_AT_MOST + 1])
        if not 2 <= len(ids) <= MERGE_AT_MOST:
            self.message_user(
                request, _("Vælg mindst to og højst %s emner.") % MERGE_AT_MOST, messages.WARNING
            )
            return None
        return redirect(f"{reverse('admin:editorial_tag_merge')}?ids={','.join(map(str, ids))}")

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Ask which to keep; by POST merge the others into it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        raw = (request.POST.get("ids") or request.GET.get("ids", ""))[:400]
        ids = [int(x) for x in raw.split(",") if x.isascii() and x.isdigit() and len(x) < 18][:MERGE_AT_MOST]
        chosen = self.get_queryset(request).filter(pk__in=ids).order_by("-use_count", "sort_key")
        if len(chosen) < 2:
            self.message_user(request, _("Der er ikke længere to at lægge sammen."), messages.WARNING)
            return redirect(reverse("admin:editorial_tag_changelist"))
        form = TagMergeForm(
            request.POST or None, choices=Tag.objects.filter(pk__in=ids), initial={"keep": chosen[0].pk}
        )
        if request.method == "POST" and form.is_valid():
            keep = form.cleaned_data["keep"]
            user = request.user
            assert isinstance(user, User)
            try:
                actions.merge_tags(keep=keep, others=[t for t in chosen if t.pk != keep.pk], by=user)
            except actions.TagMergeError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
                return redirect(reverse("admin:editorial_tag_changelist"))
            names = ", ".join(t.name for t in chosen if t.pk != keep.pk)
            self.message_user(
                request, format_html(_("{} er lagt sammen med »{}«."), names, keep.name), messages.SUCCESS
            )
            return redirect(reverse("admin:editorial_tag_change", args=[keep.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Læg emner sammen"),
            "opts": self.opts,
            "form": form,
            "ids": ",".join(str(t.pk) for t in chosen),
            "rows": chosen,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/editorial/merge_tags.html", context)


@admin.register(SubjectArea)
class SubjectAreaAdmin(StaffAdmin):
    """Subject areas: a list that staff keep; one that is in use is not deleted."""

    list_display = ["name", "slug", "position", "uses"]
    list_editable: ClassVar = ["position"]
    search_fields: ClassVar = ["name", "slug"]
    ordering: ClassVar = ["position", "sort_key"]
    fieldsets: ClassVar = [(None, {"fields": ["name", "slug", "description", "position"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SubjectArea]:
        rows: QuerySet[SubjectArea] = super().get_queryset(request)
        return rows.annotate(use_count=Count("content", distinct=True))

    @admin.display(description=gettext_lazy("bruges på"), ordering="use_count")
    def uses(self, obj: Any) -> SafeString:
        """How much is in the subject area, with a link to it."""
        url = f"{reverse('admin:catalogue_entry_changelist')}?subject_areas__id__exact={obj.pk}"
        return format_html('<a href="{}">{}</a>', url, obj.use_count)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The code stands in addresses and data, so it stays once something has it."""
        return ["slug"] if obj is not None and self._in_use(obj) else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not self._in_use(obj))

    def _in_use(self, obj: SubjectArea) -> bool:
        return Content.objects.filter(subject_areas=obj).exists()

    def get_actions(self, request: HttpRequest) -> Any:
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    def after_save(self, request: HttpRequest, obj: SubjectArea, form: Any, change: bool) -> None:
        if "name" in form.changed_data or "slug" in form.changed_data:
            actions.reindex_subject_area(subject_area=obj)


# -- the log ----------------------------------------------------------------------


@admin.register(Decision)
class DecisionAdmin(SturdyList):
    """The log of what was published, taken down, sent back …: read only, for everybody."""

    list_display = ["at", "title", "moved", "who", "reason"]
    list_display_links = ["at"]
    list_filter: ClassVar = ["action", "at"]
    search_fields: ClassVar = ["title", "reason"]
    fields: ClassVar = ["at", "title", "moved", "who", "reason", "content_uuid"]
    list_per_page = 50
    show_full_result_count = False

    class Media:
        css: ClassVar = {"all": ["css/admin.css"]}

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "content_uuid" or super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        """With the name of whoever decided, in the same query."""
        rows: QuerySet[Decision] = super().get_queryset(request)
        people = User.objects.filter(key=OuterRef("actor_key"))
        return rows.annotate(
            actor=Subquery(
                people.annotate(
                    shown=Coalesce(NullIf("name", Value("")), "email", output_field=CharField())
                ).values("shown")[:1]
            )
        )

    @admin.display(description=gettext_lazy("ændring"))
    def moved(self, obj: Decision) -> str:
        """From which state to which."""
        after = named(obj.action)
        return f"{named(obj.before)} → {after}" if obj.before else after

    @admin.display(description=gettext_lazy("hvem"))
    def who(self, obj: Any) -> str:
        """Whoever decided; of an erased account, its pseudonym."""
        return obj.actor or names_of([obj.actor_key])[obj.actor_key]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
