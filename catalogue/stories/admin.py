"""Stories and thanks in admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.staff_admin import StaffAdmin
from catalogue.models import Story, StoryThanks
from catalogue.stories.actions import make_example
from editorial.admin_content import ContentAdmin, ContentForm
from editorial.choices import Kind


class StoryForm(ContentForm):
    """A story."""

    class Meta:
        model = Story
        exclude: ClassVar = ["kind", "state", "author", "published_at", "tags", "participants"]
        widgets: ClassVar = {
            "title": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "summary": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "text": forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField"}),
            "subject_areas": forms.CheckboxSelectMultiple,
        }


@admin.register(Story)
class StoryAdmin(ContentAdmin):
    """The citizens' good stories. Whoever sent one is not shown here; they are reached through the queue."""

    form = StoryForm
    list_display = ["title", "state_shown", "owner", "municipality", "published", "updated"]
    list_filter: ClassVar = ["state", ("subject_areas", admin.RelatedFieldListFilter), "is_demo"]
    list_select_related: ClassVar = ["owner", "municipality"]
    search_fields: ClassVar = ["title", "summary", "text", "slug", "owner__name", "workplace_told"]
    search_help_text = gettext_lazy("Søg i titel, tekst og arbejdsplads.")
    ordering: ClassVar = ["-updated_at", "-pk"]
    actions = [*ContentAdmin.actions, "make_examples"]
    change_form_template = "admin/catalogue/story/change_form.html"

    def get_fieldsets(self, request: HttpRequest, obj: Story | None = None) -> Any:
        """The story first; state and dates last."""
        guards = (
            ["edit_token", "overwrite"] if obj is None or self.has_change_permission(request, obj) else []
        )
        shown = (
            ["state_shown", "decisions_link", "author", "published_at", "created_at", "updated_at"]
            if obj
            else []
        )
        fieldsets: list[Any] = [
            (None, {"fields": [*guards, "title", "summary", "text", "shown_name", "happened"]}),
            (
                gettext_lazy("Sted og tid"),
                {
                    "fields": [
                        "owner",
                        "workplace_told",
                        "municipality",
                        ("lat", "lng"),
                        "region",
                        "sectors",
                        ("year_from", "year_to"),
                    ]
                },
            ),
            (gettext_lazy("Emner"), {"fields": ["subject_areas", "chosen_tags", "new_tags"]}),
            (
                gettext_lazy("Kilde"),
                {
                    "fields": [("source", "source_year"), "confirmed_on", "external_id", "is_demo"],
                    "classes": ["collapse"],
                },
            ),
            (gettext_lazy("Adresse og tilstand"), {"fields": ["slug", *shown], "classes": ["collapse"]}),
        ]
        if obj is not None and not guards:
            return self._readable(fieldsets, obj)
        return fieldsets

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A story is of one kind."""
        obj.kind = Kind.STORY
        super().save_model(request, obj, form, change)

    @admin.action(description=gettext_lazy("Lav et eksempel af historien"), permissions=["change"])
    def make_examples(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Make a draft of an example out of one story, and open it; the second time it opens the same."""
        stories = list(queryset[:2])
        if len(stories) != 1:
            self.message_user(request, _("Vælg én historie ad gangen."), messages.WARNING)
            return None
        if not request.user.has_perm("catalogue.add_entry"):
            self.message_user(request, _("Du kan ikke oprette eksempler."), messages.WARNING)
            return None
        assert isinstance(request.user, User)
        entry, new = make_example(story=stories[0], by=request.user)
        text = (
            _("Kladden er lavet. Skriv den om, så andre kan bruge den.")
            if new
            else _("Historien har et eksempel.")
        )
        self.message_user(request, text, messages.SUCCESS if new else messages.INFO)
        return redirect(reverse("admin:catalogue_entry_change", args=[entry.pk]))


@admin.register(StoryThanks)
class StoryThanksAdmin(StaffAdmin):
    """Thanks are written by workplaces; staff may hide one."""

    list_display = ["workplace", "story", "visible", "created_at"]
    list_filter: ClassVar = ["visible"]
    list_select_related: ClassVar = ["workplace", "story"]
    search_fields: ClassVar = ["text", "workplace__name", "story__title"]
    fields: ClassVar = ["story", "workplace", "text", "visible", "author", "created_at"]
    readonly_fields: ClassVar = ["story", "workplace", "author", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They come by the form of the story."""
        return False
