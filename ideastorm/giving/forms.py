"""What somebody writes who has an idea, and what they correct in it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from editorial.models import Content, Tag
from editorial.picture_forms import PictureMixin
from editorial.text import plain, summary_of
from guards.cpr import refuse_cpr
from guards.names import plain_name
from guards.once import OnceMixin
from guards.spam import TrapMixin
from ideastorm.choices import AuthorsShown, ShownAs
from ideastorm.models import Idea, Invitation, Storm
from ideastorm.permissions import is_open_to_edit
from ideastorm.showing import shown_as
from places.models import Municipality, Workplace
from places.permissions import employers_of

TITLE = {
    "label": _("Din idé i én linje"),
    "max_length": 120,
    "validators": [refuse_cpr],
    "error_messages": {
        "required": _("Skriv din idé i én linje."),
        "max_length": _("Skriv ideen med højst %(limit_value)d tegn. Linjen har %(show_value)d."),
    },
    "help_text": _("F.eks. »Skriv det nye beløb øverst i brevet om boligstøtte«."),
}
TEXT = {
    "label": _("Fortæl lidt mere"),
    "max_length": 6000,
    "validators": [refuse_cpr],
    "error_messages": {
        "required": _("Fortæl lidt mere om din idé."),
        "max_length": _("Fortæl det med højst %(limit_value)d tegn. Teksten har %(show_value)d."),
    },
    "help_text": _(
        "Hvad er problemet, hvad vil du gøre, og hvem hjælper det? Skriv ikke om bestemte personer. "
        "Du kan skrive **fed**, lister med - og links."
    ),
}


class GiveForm(PictureMixin, TrapMixin, OnceMixin, forms.Form):
    """An idea, given in a minute: two fields are enough. `idea_fields()` is what the idea holds."""

    field_order = ("title", "text", "tags", "workplace", "shown_as", "shown_name", "municipality")

    begun = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)
    title = forms.CharField(**TITLE)  # type: ignore[arg-type]
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 6}), **TEXT)  # type: ignore[arg-type]
    tags = forms.ModelMultipleChoiceField(
        label=_("Hvad handler det om?"),
        queryset=Tag.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        to_field_name="slug",
    )
    workplace = forms.ModelChoiceField(
        label=_("Du skriver"),
        queryset=Workplace.objects.none(),
        required=False,
        empty_label=_("Privat"),
        to_field_name="slug",
    )
    shown_as = forms.ChoiceField(
        label=_("Det viser vi om dig"), choices=ShownAs.choices, widget=forms.RadioSelect, required=False
    )
    shown_name = forms.CharField(
        label=_("Navn, der vises"),
        required=False,
        max_length=80,
        validators=[plain_name, refuse_cpr],
        help_text=_("F.eks. »Birthe, 71 år«. Kun hvis du har valgt at vise dit navn."),
    )
    municipality = forms.ModelChoiceField(
        label=_("Sted"),
        queryset=Municipality.objects.all(),
        required=False,
        empty_label=_("Hele landet, eller ved ikke"),
        help_text=_("Den kommune, ideen handler om."),
    )
    reuses = forms.CharField(
        label=_("Noget, der findes, og som du vil genbruge"),
        required=False,
        max_length=300,
        help_text=_("Kopiér adressen på et eksempel eller et andet indlæg under Inspiration."),
    )
    email = forms.EmailField(
        label=_("Din e-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_(
            "Kun så vi kan spørge dig og give dig svar. Den bliver aldrig vist og gemmes for sig selv."
        ),
    )

    def __init__(
        self,
        *args: Any,
        storm: Storm,
        by: User | None,
        invitation: Invitation | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.storm, self.by, self.invitation = storm, by, invitation
        self.entry: Content | None = None
        self._narrow()

    def _narrow(self) -> None:
        """Only the fields that mean something in this storm, for this person."""
        tags = self.fields["tags"]
        assert isinstance(tags, forms.ModelMultipleChoiceField)
        tags.queryset = Tag.objects.filter(pk__in=self.storm.tags.all()).order_by("sort_key")
        if not tags.queryset.exists():
            del self.fields["tags"]
        places = employers_of(self.by) if self.by else Workplace.objects.none()
        if self.invitation is not None:
            places = places | Workplace.objects.filter(pk=self.invitation.workplace_id)
        workplace = self.fields["workplace"]
        assert isinstance(workplace, forms.ModelChoiceField)
        workplace.queryset = places.distinct().order_by("sort_key")
        workplace.label_from_instance = _as_employee  # type: ignore[method-assign]
        has_places = bool(places.exists())
        if not has_places:
            del self.fields["workplace"]
        if self.storm.authors_shown == AuthorsShown.CHOSEN:
            choices = [c for c in ShownAs.choices if c[0] != ShownAs.WORKPLACE or has_places]
            self.fields["shown_as"].choices = choices  # type: ignore[attr-defined]
            self.fields["shown_as"].initial = ShownAs.PRIVATE
            self.fields["shown_as"].required = True
            self.fields["shown_as"].error_messages["required"] = _("Vælg, hvad vi viser om dig.")
        else:
            del self.fields["shown_as"]
        if self.by is not None or self.storm.authors_shown not in (AuthorsShown.CHOSEN, AuthorsShown.NAME):
            del self.fields["shown_name"]
        if self.by is not None:
            del self.fields["email"]

    def clean_reuses(self) -> str:
        """The address, or the last part of it, of something public under Inspiration."""
        text: str = self.cleaned_data["reuses"].strip()
        if not text:
            return ""
        slug = re.sub(r"[?#].*", "", text).rstrip("/").rsplit("/", 1)[-1]
        entry: Any = Idea._meta.get_field("reuses").related_model  # areas do not import each other
        kinds = entry.KINDS
        self.entry = Content.objects.readable().of_kind(*kinds).filter(slug=slug).first()
        if self.entry is None:
            raise ValidationError(
                _(
                    "Vi kan ikke finde noget på den adresse. Kopiér adressen fra siden, eller lad feltet stå tomt."
                )
            )
        return text

    def clean(self) -> dict[str, Any] | None:
        """Whoever wants to be shown by name writes one, and by workplace chooses one."""
        cleaned = super().clean()
        data = self.cleaned_data
        wished = data.get("shown_as") or self.storm.authors_shown
        if (
            wished == ShownAs.NAME
            and "shown_name" in self.fields
            and "shown_name" not in self.errors
            and not data.get("shown_name", "").strip()
        ):
            self.add_error("shown_name", ValidationError(_("Skriv det navn, vi skal vise.")))
        if data.get("shown_as") == ShownAs.WORKPLACE and not data.get("workplace"):
            self.add_error(
                "workplace",
                ValidationError(_("Vælg den arbejdsplads, vi skal vise, eller vælg noget andet nedenfor.")),
            )
        return cleaned

    def idea_fields(self) -> dict[str, Any]:
        """What the idea holds, as keyword arguments of the model."""
        data = self.cleaned_data
        workplace = data.get("workplace")
        kind = shown_as(self.storm, data.get("shown_as") or ShownAs.PRIVATE, has_workplace=bool(workplace))
        name = self.by.name if self.by else data.get("shown_name", "")
        return {
            "title": data["title"],
            "text": data["text"],
            "summary": summary_of(plain(data["text"])) or data["title"],
            "workplace": workplace,
            "sectors": [workplace.sector] if workplace else [],
            "shown_as": kind,
            "shown_name": name.strip()[:80] if kind == ShownAs.NAME else "",
            "municipality": data["municipality"],
            "reuses_id": self.entry.pk if self.entry else None,
        }


def _as_employee(obj: Any) -> str:
    return str(_("Som ansat i %s") % obj.name)


class CorrectIdeaForm(forms.Form):
    """What its sender may correct in an idea with the receipt: see editorial.receipts.CORRECTORS."""

    title = forms.CharField(**TITLE)  # type: ignore[arg-type]
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 8}), **TEXT)  # type: ignore[arg-type]

    def __init__(self, *args: Any, content: Content, proposed: dict[str, Any], **kwargs: Any) -> None:
        values = {name: proposed.get(name, getattr(content, name)) for name in ("title", "text")}
        super().__init__(*args, **{"initial": values} | kwargs)
        self.idea = content

    def clean(self) -> dict[str, Any] | None:
        """Once others have supported or commented it, the text stands."""
        cleaned = super().clean()
        idea = Idea.objects.with_activity().get(pk=self.idea.pk)
        idea.storm = Storm.objects.with_phase().get(pk=idea.storm_id)
        if self.changed_data and not is_open_to_edit(idea):
            raise ValidationError(_("Teksten kan ikke rettes mere. Den står, som andre har læst den."))
        if idea.has_activity:
            raise ValidationError(
                _("Andre har støttet eller kommenteret ideen, så teksten står. Du kan skrive en tilføjelse.")
            )
        return cleaned

    def parts(self) -> dict[str, Any]:
        """The parts of the content that are new, for Content.apply_parts; empty when nothing was changed."""
        changed: dict[str, Any] = {name: self.cleaned_data[name] for name in self.changed_data}
        if "text" in changed:
            changed["summary"] = summary_of(plain(changed["text"])) or self.cleaned_data["title"]
        return changed
