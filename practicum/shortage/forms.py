"""Which workplaces are invited, and with which words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from editorial.clock import coi_today
from editorial.models import SubjectArea
from guards.cpr import refuse_cpr
from guards.once import OnceMixin
from places.models import Region
from practicum.wishing.forms import SECTORS


class InviteForm(OnceMixin, forms.Form):
    """At least one of sector, region and subject area; all that are chosen hold together."""

    sector = forms.ChoiceField(label=_("Sektor"), choices=[("", _("Alle")), *SECTORS], required=False)
    region = forms.ModelChoiceField(
        label=_("Region"), queryset=Region.objects.none(), required=False, empty_label=_("Hele landet")
    )
    subject_area = forms.ModelChoiceField(
        label=_("Fagområde"),
        queryset=SubjectArea.objects.order_by("sort_key"),
        to_field_name="slug",
        required=False,
        empty_label=_("Alle"),
        help_text=_("Arbejdspladser, der har noget offentligt på portalen om fagområdet."),
    )
    text = forms.CharField(
        label=_("Det, du vil sige til dem"),
        max_length=1000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("F.eks. hvad gæsterne gerne vil se. Resten af beskeden skriver portalen."),
        error_messages={"required": _("Skriv et par ord til dem.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Region.objects.valid_on(coi_today()).order_by("sort_key")
        self.fields["region"].queryset = rows  # type: ignore[attr-defined]
        for name in ("sector", "region", "subject_area"):
            self.fields[name].one_of_several = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """Not everybody at once."""
        cleaned = super().clean()
        if not any(self.cleaned_data.get(name) for name in ("sector", "region", "subject_area")):
            raise ValidationError(_("Vælg en sektor, en region eller et fagområde."))
        return cleaned

    def chosen(self) -> dict[str, Any]:
        """For inviting.candidates."""
        return {name: self.cleaned_data[name] for name in ("sector", "region", "subject_area")}
