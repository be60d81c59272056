"""What the admin of every type of content shares: form, tags, transitions, history with reasons, rules of deletion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models
from django.forms import ModelMultipleChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.editing import EditForm
from accounts.models import User
from accounts.staff_admin import StaffAdmin
from editorial.admin_parts import ContactInline, LinkInline, ParticipationInline, PictureInline
from editorial.choices import READABLE, State
from editorial.models import Content, ContentSlug, Decision, Tag, TaggedContent
from editorial.models.querysets import TransitionError
from editorial.models.subjects import resolve_tags
from editorial.slugs import RESERVED
from editorial.submitting import hear_new_owner

AT_MOST = 200
"""So many rows are moved in one go; each is judged and logged by itself."""


class ManyChoices(AutocompleteSelectMultiple):
    """Several related rows; each is taken away by itself, for the button that clears all breaks the list's markup."""

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """As Django's, without the clearing button."""
        return {**super().build_attrs(base_attrs, extra_attrs), "data-allow-clear": "false"}


class ContentForm(EditForm):
    """A content row; tags are chosen from those that are there, or written (a synonym gives its tag)."""

    chosen_tags: ModelMultipleChoiceField[Tag] = forms.ModelMultipleChoiceField(
        queryset=Tag.objects.all(),
        required=False,
        label=gettext_lazy("Emner"),
        widget=ManyChoices(TaggedContent._meta.get_field("tag"), admin.site),
        help_text=gettext_lazy("Skriv et par bogstaver. Synonymer tæller med."),
    )
    new_tags = forms.CharField(
        required=False,
        max_length=500,
        label=gettext_lazy("Flere emner"),
        help_text=gettext_lazy(
            "Med komma imellem. Findes ordet eller et synonym, bruges det; ellers oprettes emnet."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            self.initial["chosen_tags"] = list(self.instance.tags.values_list("pk", flat=True))
        elif self.instance.pk:
            self.initial["chosen_tags"] = list(self.instance.tags.all())

    def clean_slug(self) -> str | None:
        """An address that the site does not use itself, that nothing else had, and that stays once it is public."""
        slug: str | None = self.cleaned_data.get("slug") or None
        if slug is None:
            if self.instance.pk and (self.instance.published_at or self.instance.is_public):
                raise ValidationError(_("Indholdet har været offentliggjort, så det skal have en adresse."))
            return None
        if slug in RESERVED:
            raise ValidationError(_("»%s« bruges i portalens egne adresser. Vælg en anden.") % slug)
        if ContentSlug.objects.filter(slug=slug).exclude(content=self.instance.pk).exists():
            raise ValidationError(_("Adressen er eller har været i brug til andet indhold. Vælg en anden."))
        return slug

    def clean_new_tags(self) -> list[str]:
        """The words, each at most 100 characters."""
        names = [" ".join(n.split()) for n in self.cleaned_data["new_tags"].replace("\x00", "").split(",")]
        if too_long := next((n for n in names if len(n) > 100), None):
            raise ValidationError(_("Et emne er højst 100 tegn: »%s…«") % too_long[:40])
        return [n for n in names if n]

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        if "chosen_tags" in self.cleaned_data:
            new = resolve_tags(names=self.cleaned_data.get("new_tags") or [])
            self.instance.tags.set([*self.cleaned_data["chosen_tags"], *new])


@dataclass(frozen=True)
class Transition:
    """A change of state that staff can make: its address, words, the states it starts from, and what does it."""

    key: str
    label: Any
    heading: Any
    help: Any
    done: Callable[[int], str]
    allowed: tuple[str, ...]
    run: Callable[[Content, User, str], None]
    needs_reason: bool = False


PUBLISH = Transition(
    "offentliggoer",
    gettext_lazy("Offentliggør"),
    gettext_lazy("Offentliggør"),
    gettext_lazy("Alle kan læse det, og det kan findes i søgningen. Adressen laves af titlen første gang."),
    lambda n: ngettext("%s er offentliggjort.", "%s er offentliggjort.", n) % n,
    (State.DRAFT, State.SUBMITTED, State.RETURNED, State.SUSPENDED, State.ARCHIVED),
    lambda content, user, reason: content.publish(by=user, reason=reason),
)
SUSPEND = Transition(
    "tag-ned",
    gettext_lazy("Tag ned"),
    gettext_lazy("Tag ned straks"),
    gettext_lazy("Siden forsvinder for alle andre end redaktionen. Den kan offentliggøres igen."),
    lambda n: ngettext("%s er taget ned.", "%s er taget ned.", n) % n,
    READABLE,
    lambda content, user, reason: content.suspend(by=user, reason=reason),
    needs_reason=True,
)
ARCHIVE = Transition(
    "arkiver",
    gettext_lazy("Arkivér"),
    gettext_lazy("Arkivér"),
    gettext_lazy("Siden kan stadig læses, med en bemærkning øverst, men står ikke længere i listerne."),
    lambda n: ngettext("%s er arkiveret.", "%s er arkiveret.", n) % n,
    (State.PUBLISHED, State.SUSPENDED),
    lambda content, user, reason: content.archive(by=user, reason=reason),
)
TRANSITIONS = {t.key: t for t in (PUBLISH, SUSPEND, ARCHIVE)}


class ReasonForm(forms.Form):
    """Why a state is changed."""

    reason = forms.CharField(
        label=gettext_lazy("Begrundelse"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
    )

    def __init__(self, *args: Any, transition: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.required = transition.needs_reason
        field.error_messages["required"] = str(
            _("Skriv, hvorfor I tager siden ned. Begrundelsen gemmes i loggen.")
        )
        field.help_text = (
            _("Gemmes i loggen.") if transition.needs_reason else _("Må gerne stå tom. Gemmes i loggen.")
        )


class ContentAdmin(StaffAdmin):
    """The base of each type's admin. State, dates and author follow the transitions; nothing public is deleted."""

    form = ContentForm
    readonly_fields: ClassVar = [
        "state_shown",
        "author",
        "published_at",
        "created_at",
        "updated_at",
        "decisions_link",
    ]
    autocomplete_fields: ClassVar = ["owner", "municipality"]
    inlines: ClassVar = [PictureInline, LinkInline, ParticipationInline, ContactInline]
    logged_relations: ClassVar = ("subject_areas", "tags", "participations")
    actions = ["publish_selected", "suspend_selected", "archive_selected"]
    list_select_related: ClassVar = ["owner"]
    change_form_template = "admin/editorial/content_change_form.html"

    # -- state -------------------------------------------------------------

    @admin.display(description=gettext_lazy("tilstand"))
    def state_shown(self, obj: Content) -> SafeString:
        """The state, in words."""
        return format_html(
            '<span class="state" data-state="{}">{}</span>', obj.state, obj.get_state_display()
        )

    @admin.display(description=gettext_lazy("behandlinger"))
    def decisions_link(self, obj: Content) -> SafeString | str:
        """A link to the log of this row."""
        if not obj.pk:
            return "–"
        number = Decision.objects.filter(content_uuid=obj.uuid).count()
        url = f"{reverse('admin:editorial_decision_changelist')}?content_uuid={obj.uuid}"
        return format_html(
            '<a href="{}">{}</a>', url, ngettext("%s behandling", "%s behandlinger", number) % number
        )

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_transition"
        own = [path("tilstand/<slug:key>/", self.admin_site.admin_view(self.transition_view), name=name)]
        return [*own, *super().get_urls()]

    @admin.action(description=gettext_lazy("Offentliggør de valgte"), permissions=["change"])
    def publish_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Ask, then publish each that may be."""
        return self._ask(request, PUBLISH, queryset)

    @admin.action(description=gettext_lazy("Tag de valgte ned"), permissions=["change"])
    def suspend_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Ask for the reason, then take each down."""
        return self._ask(request, SUSPEND, queryset)

    @admin.action(description=gettext_lazy("Arkivér de valgte"), permissions=["change"])
    def archive_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Ask, then archive each."""
        return self._ask(request, ARCHIVE, queryset)

    def get_actions(self, request: HttpRequest) -> Any:
        """Without Django's own deletion of many at once: it would not look at the state."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def _ask(self, request: HttpRequest, transition: Transition, queryset: Any) -> HttpResponse | None:
        ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: AT_MOST + 1])
        if len(ids) > AT_MOST:
            text = _("Vælg højst %s ad gangen, så hver enkelt kan blive set efter.") % AT_MOST
            self.message_user(request, text, messages.WARNING)
            return None
        return self._transition_page(request, transition, ids, ReasonForm(transition=transition))

    def _transition_page(
        self, request: HttpRequest, transition: Transition, ids: list[int], form: Any
    ) -> HttpResponse:
        rows = []
        for content in self.get_queryset(request).filter(pk__in=ids).select_related("owner"):
            problem = ""
            if content.state not in transition.allowed:
                problem = _("Er %s, så det kan ikke lade sig gøre.") % content.get_state_display().lower()
            elif transition is PUBLISH:
                try:
                    content.ensure_publishable()
                except TransitionError as error:
                    problem = " ".join(error.messages)
            rows.append((content, problem))
        context = {
            **self.admin_site.each_context(request),
            "title": transition.heading,
            "transition": transition,
            "rows": rows,
            "possible": sum(not problem for _content, problem in rows),
            "ids": ",".join(map(str, ids)),
            "form": form,
            "opts": self.opts,
            "url": reverse(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_transition", args=[transition.key]
            ),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/editorial/transition.html", context)

    def transition_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show what will happen to the rows of `ids`; by POST do it, row by row, and tell the outcome of each."""
        transition = TRANSITIONS.get(key)
        if transition is None:
            raise Http404
        if not self.has_change_permission(request):
            raise PermissionDenied
        raw = request.POST.get("ids") or request.GET.get("ids", "")
        ids = [int(x) for x in raw[:5000].split(",") if x.isascii() and x.isdigit() and len(x) < 18][:AT_MOST]
        changelist = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        if not ids:
            return redirect(changelist)
        form = ReasonForm(request.POST if request.method == "POST" else None, transition=transition)
        if not form.is_valid():
            return self._transition_page(request, transition, ids, form)
        self._run(request, transition, ids, form.cleaned_data["reason"])
        if len(ids) == 1:
            return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=ids))
        return redirect(changelist)

    def _run(self, request: HttpRequest, transition: Transition, ids: list[int], reason: str) -> None:
        done = []
        user = request.user
        assert isinstance(user, User)
        for content in self.get_queryset(request).filter(pk__in=ids).order_by("pk"):
            try:
                transition.run(content, user, reason)
            except TransitionError as error:
                text = format_html("»{}«: {}", content.title, " ".join(error.messages))
                self.message_user(request, text, messages.ERROR)
            except IntegrityError:
                text = format_html(_("»{}«: En anden rettede det samtidig. Prøv igen."), content.title)
                self.message_user(request, text, messages.ERROR)
            else:
                done.append(content)
        if done:
            links = format_html_join(
                ", ", '<a href="{}">{}</a>', ((c.get_absolute_url(), c.title) for c in done[:20])
            )
            self.message_user(
                request, format_html("{} {}", transition.done(len(done)), links), messages.SUCCESS
            )

    # -- rules -------------------------------------------------------------

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only what was never public; the rest is taken down or archived."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or (obj.state == State.DRAFT and obj.published_at is None))

    def view_on_site(self, obj: Content) -> str:
        """The page; what is not public is shown to staff by its uuid."""
        return obj.get_absolute_url()

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any
    ) -> Any:
        """With the transitions that are possible now."""
        if obj is not None and self.has_change_permission(request, obj):
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_transition"
            context["transitions"] = [
                (t.label, f"{reverse(name, args=[t.key])}?ids={obj.pk}")
                for t in TRANSITIONS.values() if obj.state in t.allowed
            ]  # fmt: skip
            context["can_be_deleted"] = self.has_delete_permission(request, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)  # type: ignore[misc]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change and obj.author_id is None:
            obj.author = request.user
        super().save_model(request, obj, form, change)
        if change and "slug" in form.changed_data and form.initial.get("slug"):
            text = _("Adressen er ændret. Den gamle adresse (%s) viser videre.") % form.initial["slug"]
            self.message_user(request, text, messages.INFO)

    def after_save(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The search document follows what was saved, and a workplace whose name was put on it is heard."""
        obj.refresh_from_db()
        obj.reindex()
        if change and "owner" in form.changed_data:
            hear_new_owner(content=obj)

    def explain_history(self, obj: Content, saves: list[Any]) -> None:
        """Each transition with the reason in the log; the log entry is written right after the change of state."""
        moves = [s for s in saves if any(f.name == "state" for row in s.rows for f in row.fields)]
        if not moves:
            return
        words = dict(State.choices)
        until = moves[0].at + dt.timedelta(minutes=1)
        for decision in Decision.objects.filter(content_uuid=obj.uuid, at__gte=moves[-1].at, at__lt=until)[
            :200
        ]:
            after = words.get(decision.action, decision.action)
            moved = f"{words.get(decision.before, decision.before)} → {after}"
            save = next((s for s in moves if s.at <= decision.at), None)
            if save is not None:
                save.reasons.append(f"{moved}: {decision.reason}" if decision.reason else moved)

    @admin.display(description=gettext_lazy("offentliggjort"), ordering="published_at")
    def published(self, obj: Content) -> str:
        """The day of publication, short."""
        return formats.date_format(timezone.localtime(obj.published_at), "d.m.Y") if obj.published_at else "–"

    @admin.display(description=gettext_lazy("rettet"), ordering="updated_at")
    def updated(self, obj: Content) -> str:
        """When it was last changed, short."""
        return formats.date_format(timezone.localtime(obj.updated_at), "d.m.Y H:i")


class ArrayFilter(admin.SimpleListFilter):
    """A filter on a column that holds several values. Subclasses set title, parameter_name, column and choices."""

    column = ""
    choices_class: type[models.TextChoices]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.choices_class.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(**{f"{self.column}__contains": [self.value()]}) if self.value() else queryset


class YesNoFilter(admin.SimpleListFilter):
    """A filter on whether a nullable column has a value."""

    column = ""
    yes: Any = gettext_lazy("Ja")
    no: Any = gettext_lazy("Nej")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ja", self.yes), ("nej", self.no)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in ("ja", "nej"):
            return queryset
        return queryset.filter(**{f"{self.column}__isnull": self.value() == "nej"})
