"""Forms of places in admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.forms import ModelChoiceField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.editing import EditForm, PeriodForm
from places.actions import refuse_ring
from places.models import MunicipalityRegion, Workplace, WorkplacePeriod, WorkplaceSlug

TRACED = ("name", "sector", "parent")
"""What a workplace has in periods."""


class WorkplaceForm(EditForm):
    """A workplace. When its name, sector or parent changes, the form asks whether it was a mistake or a change."""

    MISTAKE, CHANGE = "mistake", "change"
    how_changed = forms.ChoiceField(
        label=gettext_lazy("Retter du navn, sektor eller »hører under«?"),
        required=False,
        choices=[
            ("", "---------"),
            (MISTAKE, gettext_lazy("Det var en fejl: ret uden at gemme det gamle")),
            (CHANGE, gettext_lazy("Det er blevet ændret: gem det gamle som en periode")),
        ],
        help_text=gettext_lazy(
            "Gammelt indhold viser det navn, arbejdspladsen havde dengang. "
            "Derfor skal portalen vide, hvornår det skiftede."
        ),
    )
    changed_on = forms.DateField(
        label=gettext_lazy("Ændret fra den"),
        required=False,
        widget=AdminDateWidget,
        help_text=gettext_lazy(
            "Første dag med det nye. Må gerne ligge ude i fremtiden: portalen skifter selv den dag."
        ),
    )

    class Meta:
        model = Workplace
        fields: ClassVar = [
            "name", "sector", "parent", "slug", "municipality", "address", "postcode", "city", "lat", "lng", "website",
            "cvr", "mailbox", "closed_on", "is_demo", "note",
        ]  # fmt: skip

    @property
    def traced_changes(self) -> list[str]:
        """Those of name, sector and parent that were changed."""
        return [name for name in TRACED if name in self.changed_data] if self.instance.pk else []

    def clean_slug(self) -> str:
        """A slug that no other workplace ever had."""
        slug: str = self.cleaned_data["slug"]
        taken = WorkplaceSlug.objects.filter(slug=slug)
        if self.instance.pk:
            taken = taken.exclude(workplace=self.instance.pk)
        if taken.exists():
            raise ValidationError(_("Adressen er eller har været en anden arbejdsplads'. Vælg en anden."))
        return slug

    def clean(self) -> dict[str, Any] | None:
        """As any edit; and the choice between mistake and change, and no ring of parents."""
        cleaned = super().clean()
        data = self.cleaned_data
        if self.instance.pk and data.get("parent"):
            try:
                refuse_ring(self.instance, data["parent"])
            except ValidationError as error:
                self._update_errors(error)  # type: ignore[attr-defined]
        if self.traced_changes:
            if not data.get("how_changed"):
                self.add_error("how_changed", _("Vælg, om det var en fejl, eller om det er blevet ændret."))
            elif data["how_changed"] == self.CHANGE and not data.get("changed_on"):
                self.add_error("changed_on", _("Skriv den første dag med det nye."))
        return cleaned


class WorkplacePeriodForm(PeriodForm):
    """A period of a workplace."""

    owner = "workplace"

    class Meta:
        model = WorkplacePeriod
        fields: ClassVar = ["name", "sector", "parent", "valid_from", "valid_to"]

    def clean_parent(self) -> Workplace | None:
        """Not the workplace itself."""
        parent: Workplace | None = self.cleaned_data["parent"]
        if parent is not None and parent.pk == getattr(self.instance, "workplace_id", None):
            raise ValidationError(_("En arbejdsplads kan ikke høre under sig selv."))
        return parent


class MembershipForm(PeriodForm):
    """Which region a municipality belongs to in a period."""

    owner = "municipality"

    class Meta:
        model = MunicipalityRegion
        fields: ClassVar = ["region", "valid_from", "valid_to"]


class MergeForm(forms.Form):
    """Which of the chosen workplaces to keep."""

    keep: ModelChoiceField[Workplace] = forms.ModelChoiceField(
        queryset=Workplace.objects.none(),
        label=gettext_lazy("Behold"),
        widget=forms.RadioSelect,
        empty_label=None,
        help_text=gettext_lazy(
            "De andre forsvinder. Deres adresser viser videre hertil, og deres navne kan stadig findes."
        ),
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep"].queryset = choices  # type: ignore[attr-defined]
