"""What somebody writes to an idea, what is wrong with a comment, and what editors write when they hide or raise one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from guards.cpr import refuse_cpr
from guards.once import OnceMixin
from guards.spam import TrapMixin
from ideastorm.choices import AuthorsShown, ShownAs
from ideastorm.models import Invitation, Storm
from ideastorm.showing import shown_as
from places.models import Workplace
from places.permissions import employers_of


class CommentForm(OnceMixin, forms.Form):
    """A comment or a reply. `comment_fields()` is what the row holds."""

    text = forms.CharField(
        label=_("Din kommentar"),
        max_length=2000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Skriv til ideen, ikke om bestemte personer. Den bliver vist med det samme."),
        error_messages={"required": _("Skriv din kommentar.")},
    )
    workplace = forms.ModelChoiceField(
        label=_("Du skriver"),
        queryset=Workplace.objects.none(),
        required=False,
        empty_label=_("Privat"),
        to_field_name="slug",
    )
    shown_as = forms.ChoiceField(
        label=_("Det viser vi om dig"),
        choices=ShownAs.choices,
        widget=forms.RadioSelect,
        initial=ShownAs.PRIVATE,
        error_messages={"required": _("Vælg, hvad vi viser om dig.")},
    )

    def __init__(
        self, *args: Any, storm: Storm, by: User, invitation: Invitation | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.storm, self.by = storm, by
        places = employers_of(by)
        if invitation is not None:
            places = places | Workplace.objects.filter(pk=invitation.workplace_id)
        places = places.distinct().order_by("sort_key")
        if has_places := places.exists():
            field = self.fields["workplace"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = places
            field.label_from_instance = lambda obj: str(_("Som ansat i %s") % obj.name)  # type: ignore[method-assign]
        else:
            del self.fields["workplace"]
        if storm.authors_shown != AuthorsShown.CHOSEN:
            del self.fields["shown_as"]
        elif not has_places:
            shown = self.fields["shown_as"]
            assert isinstance(shown, forms.ChoiceField)
            shown.choices = [c for c in ShownAs.choices if c[0] != ShownAs.WORKPLACE]

    def clean(self) -> dict[str, Any] | None:
        """Whoever wants to be shown by workplace chooses one."""
        cleaned = super().clean()
        if self.cleaned_data.get("shown_as") == ShownAs.WORKPLACE and not self.cleaned_data.get("workplace"):
            self.add_error("workplace", ValidationError(_("Vælg den arbejdsplads, vi skal vise.")))
        return cleaned

    def comment_fields(self) -> dict[str, Any]:
        """What the comment holds, as keyword arguments of the model."""
        data = self.cleaned_data
        workplace = data.get("workplace")
        kind = shown_as(self.storm, data.get("shown_as") or ShownAs.PRIVATE, has_workplace=bool(workplace))
        name = self.by.name.strip()[:80] if kind == ShownAs.NAME else ""
        return {"text": data["text"], "workplace": workplace, "shown_as": kind, "shown_name": name}


class ReportCommentForm(TrapMixin, OnceMixin, forms.Form):
    """What is wrong with a comment."""

    text = forms.CharField(
        label=_("Hvad er der galt med kommentaren?"),
        max_length=2000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Skriv, hvad der er galt.")},
    )


class HideForm(forms.Form):
    """Why a comment is hidden: for its author and everybody."""

    reason = forms.CharField(
        label=_("Hvorfor bliver den skjult?"),
        max_length=300,
        validators=[refuse_cpr],
        help_text=_("Begrundelsen står på siden, og den, der skrev kommentaren, får den."),
        error_messages={"required": _("Skriv, hvorfor kommentaren bliver skjult.")},
    )


class RaiseForm(forms.Form):
    """The idea that a comment becomes."""

    title = forms.CharField(
        label=_("Ideen i én linje"),
        max_length=120,
        validators=[refuse_cpr],
        error_messages={"required": _("Skriv ideen i én linje.")},
    )
    text = forms.CharField(
        label=_("Ideen"),
        max_length=6000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Skriv ideen.")},
    )
