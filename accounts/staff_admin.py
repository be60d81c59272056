"""What the admin pages of all apps share: no overwriting, history with who and what, our own stylesheet."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied
from django.db import DataError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.editing import EditForm, KeepingFormSet, edit_token, lock_row
from accounts.history import Source, is_tracked, last_change, note, page_of

GUARD_FIELDS = ("edit_token", "overwrite")


def plain_related(field: Any) -> Any:
    """A choice of a related row, without the buttons that change or delete that row from here."""
    widget: Any = getattr(field, "widget", None)
    if hasattr(widget, "can_delete_related"):
        widget.can_delete_related = widget.can_change_related = widget.can_view_related = False
    return field


class SturdyList(admin.ModelAdmin):
    """A list that stands any address."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list. An address that asks for what the database can't compare leads to the list without it."""
        response: HttpResponse
        if request.method == "POST" or ERROR_FLAG in request.GET:
            response = super().changelist_view(request, extra_context)
            return response
        try:
            with transaction.atomic():
                response = super().changelist_view(request, extra_context)
        except (DataError, OverflowError, ValueError):
            return redirect(f"{request.path}?{ERROR_FLAG}=1")
        return response


class StaffAdmin(SturdyList):
    """A model's admin as the staff knows it."""

    form = EditForm
    list_per_page = 50
    show_full_result_count = False
    save_on_top = True
    logged_relations: ClassVar[tuple[str, ...]] = ()
    """Many-to-many fields and related names whose change goes to the admin's log, because no trigger tracks them."""

    class Media:
        css: ClassVar = {"all": ["css/admin.css"]}
        js: ClassVar = ["js/admin.js"]

    # -- no overwriting ---------------------------------------------------

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; locked while it is being changed, so that the token is compared with what will be overwritten."""
        if request.resolver_match and str(request.resolver_match.url_name).endswith("_change"):
            lock_row(request, self.model, object_id)
        return super().get_object(request, object_id, from_field)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fieldsets, with the guards against overwriting in the first; without them for who may only look."""
        fieldsets: list[Any] = [
            (name, dict(options)) for name, options in super().get_fieldsets(request, obj)
        ]
        if obj is not None and not self.has_change_permission(request, obj):
            return self._readable(fieldsets, obj)
        if not set(GUARD_FIELDS) & set(flatten_fieldsets(fieldsets)):
            fieldsets[0][1]["fields"] = [*GUARD_FIELDS, *fieldsets[0][1]["fields"]]
        return fieldsets

    def _readable(self, fieldsets: list[Any], obj: Any) -> list[Any]:
        """Without fields that only exist in the form."""

        def shown(name: Any) -> bool:
            return (
                isinstance(name, str)
                and name not in GUARD_FIELDS
                and (hasattr(obj, name) or hasattr(self, name))
            )

        kept = [
            (title, options | {"fields": [f for f in options["fields"] if shown(f)]})
            for title, options in fieldsets
        ]
        return [(title, options) for title, options in kept if options["fields"]]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, told how to find out whether somebody else was first."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.current_token = staticmethod(lambda row: edit_token(row, self.get_inlines(request, row)))
        form.describe_conflict = staticmethod(self._describe_conflict)
        return form

    def _describe_conflict(self, obj: models.Model) -> Any:
        found = last_change(obj)
        options = self.opts
        url = reverse(f"admin:{options.app_label}_{options.model_name}_history", args=[obj.pk])
        if found is None:
            return format_html('<a href="{}">{}</a>', url, _("En anden har gemt, mens du skrev."))
        when = formats.date_format(timezone.localtime(found[0]), "j. F H:i")
        sentence = _("%(who)s gemte %(when)s, mens du skrev.") % {"who": capfirst(found[1]), "when": when}
        return format_html(
            '{} <a href="{}" target="_blank">{}</a>.', sentence, url, _("Se, hvad der blev rettet")
        )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """See plain_related."""
        return plain_related(super().formfield_for_dbfield(db_field, request, **kwargs))

    # -- history ----------------------------------------------------------

    def history_sources(self, obj: Any) -> list[Source]:
        """Further event tables that belong to this object's history."""
        return []

    def explain_history(self, obj: Any, saves: list[Any]) -> None:
        """Add to the saves what another log knows, such as reasons."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Every change of the object and what hangs on it, newest first, a page at a time."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        page, saves = page_of(obj, request.GET.get("side", "1"), self.history_sources(obj))
        self.explain_history(obj, saves)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Ændringer: %s") % obj,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": obj,
            "opts": self.opts,
            "page": page,
            "saves": saves,
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/object_changes.html", context)

    def relations(self, obj: Any) -> dict[str, str]:
        """What the untracked relations hold now: label → their names as one text."""
        found = {}
        for name in self.logged_relations:
            field: Any = self.model._meta.get_field(name)
            rows = getattr(field.remote_field, "through", None) or field.related_model
            if (field.one_to_many or field.many_to_many) and is_tracked(rows):
                continue
            label = getattr(field, "verbose_name", None) or field.related_model._meta.verbose_name_plural
            manager = getattr(obj, name if not field.auto_created else field.get_accessor_name())
            found[capfirst(str(label))] = ", ".join(map(str, manager.all().order_by("pk"))) if obj.pk else ""
        return found

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save what hangs on the object, note what the triggers don't see, and tell `after_save`."""
        before = self.relations(form.instance) if change else {}
        super().save_related(request, form, formsets, change)
        after = self.relations(form.instance)
        form.logged_notes = [
            note(k, before.get(k, ""), v) for k, v in after.items() if before.get(k, "") != v
        ]
        self.after_save(request, form.instance, form, change)

    def after_save(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Called in the same transaction once everything is saved."""

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Django's message, with our notes; the guards are no change."""
        form.changed_data = [name for name in form.changed_data if name not in GUARD_FIELDS]
        return [
            *super().construct_change_message(request, form, formsets, add),
            *getattr(form, "logged_notes", []),
        ]


class StaffInline(admin.TabularInline):
    """Rows that hang on an object."""

    formset = KeepingFormSet
    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """See plain_related."""
        return plain_related(super().formfield_for_dbfield(db_field, request, **kwargs))


class StackedStaffInline(admin.StackedInline):
    """Rows with longer texts that hang on an object."""

    formset = KeepingFormSet
    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """See plain_related."""
        return plain_related(super().formfield_for_dbfield(db_field, request, **kwargs))


def log_action(user: Any, obj: models.Model, label: Any, old: Any = "", new: Any = "") -> None:
    """Write to the admin's log what an action did to `obj`; without a user there is nobody to name, and no log."""
    if user is None:
        return
    LogEntry.objects.log_actions(user.pk, [obj], CHANGE, [note(label, old, new)], single_object=True)
