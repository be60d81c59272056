"""What a workplace tells of its reuse, and what the origin says to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalogue.choices import ReuseKind, ReusePhase
from catalogue.models import Entry, Reuse
from catalogue.reusing.actions import builds_on
from guards.cpr import refuse_cpr
from guards.once import OnceMixin
from places.models import Workplace

KIND_HELP = {
    ReuseKind.COPIED: _("vi gør, som de gør."),
    ReuseKind.ADAPTED: _("vi bruger det meste, men har ændret noget, så det passer til os."),
    ReuseKind.INSPIRED: _("vi fik idéen her og lavede noget andet."),
}
PHASE_HELP = {
    ReusePhase.CONSIDERING: _("vi taler om det."),
    ReusePhase.TRYING: _("vi er i gang i det små."),
    ReusePhase.IN_USE: _("det er sådan, vi arbejder nu. Først her tæller det som genbrug."),
    ReusePhase.STOPPED: _("vi prøvede, men gør det ikke mere. Det kan andre også lære af."),
}


def _explained(choices: type[Any], helps: dict[Any, Any]) -> list[tuple[str, Any]]:
    """Each choice with its one sentence."""
    return [(c.value, format_lazy("{label}: {help}", label=c.label, help=helps[c])) for c in choices]


class WorkplaceChoice(forms.ModelChoiceField):
    """A workplace by its slug: no number of a row in the page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"to_field_name": "slug"} | kwargs)


class ParentChoice(forms.ModelChoiceField):
    """Another's reuse, named by its workplace."""

    def label_from_instance(self, obj: Any) -> str:
        """»Strandby Kommune (2023)«."""
        return f"{obj.workplace.name} ({obj.year})" if obj.year else str(obj.workplace.name)

    def to_python(self, value: Any) -> Any:
        """As it is; what is no uuid names nobody."""
        try:
            return super().to_python(value and str(UUID(str(value))))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from error


class ReuseForm(OnceMixin, forms.Form):
    """What the workplace tells. `reuse` is what it has told already."""

    workplace = WorkplaceChoice(
        label=_("Hvilken arbejdsplads genbruger det?"),
        queryset=Workplace.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": _("Vælg en af dine egne arbejdspladser.")},
    )
    kind = forms.ChoiceField(
        label=_("Hvordan har I brugt det?"),
        choices=_explained(ReuseKind, KIND_HELP),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Vælg, hvordan I har brugt det.")),
    )
    phase = forms.ChoiceField(
        label=_("Hvor langt er I?"),
        choices=_explained(ReusePhase, PHASE_HELP),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Vælg, hvor langt I er.")),
    )
    year = forms.IntegerField(
        label=_("Siden hvilket år?"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4", "class": "input-width-xs"}),
        error_messages={"invalid": _("Skriv årstallet med fire cifre, f.eks. »2024«.")},
    )
    what_changed = forms.CharField(
        label=_("Hvad ændrede I?"),
        required=False,
        max_length=300,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": "300"}),
        help_text=_("Det, I gør anderledes end dem, I fik det fra. Højst 300 tegn."),
    )
    result = forms.CharField(
        label=_("Hvad kom der ud af det?"),
        required=False,
        max_length=500,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": "500"}),
        help_text=_(
            "Også det, der gik den forkerte vej. Ved I det ikke endnu, så lad feltet stå tomt. Højst 500 tegn."
        ),
    )
    parent = ParentChoice(
        label=_("Hvem fik I det fra?"),
        required=False,
        queryset=Reuse.objects.none(),
        to_field_name="uuid",
        help_text=_("Byggede I på en andens udgave, så vælg den. Så kan man se, hvordan det har bredt sig."),
        error_messages={"invalid_choice": _("Vælg en, der genbruger det samme.")},
    )
    told = forms.CharField(required=False, widget=forms.HiddenInput)
    """The uuid of what was told already when the form was opened; empty when nothing was."""

    def __init__(
        self,
        *args: Any,
        entry: Entry,
        workplaces: QuerySet[Workplace],
        reuse: Reuse | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.entry = entry
        where: Any = self.fields["workplace"]
        where.queryset = workplaces
        parent: Any = self.fields["parent"]
        parents = Reuse.objects.visible().filter(entry=entry).select_related("workplace", "parent")
        parent.queryset = parents.exclude(pk=reuse.pk) if reuse else parents
        first = entry.owner_name or _("Den første")
        parent.empty_label = _("%s, hvor det begyndte") % first
        if not self.is_bound:
            self.initial = {**self.initial, **(_initial(reuse) if reuse else {})}

    def clean_year(self) -> int | None:
        """A year that has begun."""
        year: int | None = self.cleaned_data["year"]
        this_year = timezone.localdate().year
        if year is not None and not 1900 <= year <= this_year:
            raise ValidationError(
                _("Skriv et årstal mellem 1900 og %(year)s."), params={"year": str(this_year)}
            )
        return year

    def clean(self) -> dict[str, Any] | None:
        """Nobody builds on themselves, or on somebody who builds on them."""
        cleaned = super().clean()
        data = self.cleaned_data
        parent, workplace = data.get("parent"), data.get("workplace")
        if parent and workplace:
            own = Reuse.objects.filter(entry=self.entry, workplace=workplace).first()
            if parent.workplace_id == workplace.pk or (own and builds_on(parent, own)):
                self.add_error(
                    "parent",
                    ValidationError(_("De har selv fået det fra jer. Vælg en anden, eller den første.")),
                )
        for name in ("what_changed", "result"):
            if name in data:
                data[name] = data[name].strip()
        return cleaned


def _initial(reuse: Reuse) -> dict[str, Any]:
    """What stands in the form: what waits for the editors, else what is shown."""
    shown: dict[str, Any] = {
        "workplace": reuse.workplace.slug, "kind": reuse.kind, "phase": reuse.phase, "year": reuse.year,
        "what_changed": reuse.what_changed, "result": reuse.result,
        "parent": str(reuse.parent.uuid) if reuse.parent else None, "told": str(reuse.uuid),
    }  # fmt: skip
    return {**shown, **reuse.proposed}


class ObjectionForm(OnceMixin, forms.Form):
    """What is not right, in the origin's words."""

    note = forms.CharField(
        label=_("Hvad passer ikke?"),
        max_length=1500,
        validators=[refuse_cpr],
        error_messages={"required": _("Skriv, hvad der ikke passer.")},
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Redaktionen læser det og taler med begge parter, før noget bliver ændret."),
    )
