"""What somebody would like to see, and what is answered."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from editorial.clock import coi_today
from editorial.models import SubjectArea
from guards.cpr import refuse_cpr
from guards.once import OnceMixin
from places.choices import Sector
from places.models import Region, Workplace
from places.permissions import NOT_PUBLIC, workplaces_of
from practicum.models import Offer
from practicum.permissions import is_editor

SECTORS = [(key, label) for key, label in Sector.choices if key not in NOT_PUBLIC]


class OpenWishForm(OnceMixin, forms.Form):
    """What somebody would like to see. Only the text must be there."""

    text = forms.CharField(
        label=_("Jeg vil gerne se"),
        max_length=1000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "F.eks. »hvordan et bosted arbejder uden vagtplan«. Værter ser, hvad du skriver, men ikke, hvem du er."
        ),
        error_messages={"required": _("Skriv, hvad du gerne vil se.")},
    )
    subject_areas = forms.ModelMultipleChoiceField(
        label=_("Fagområder"),
        queryset=SubjectArea.objects.order_by("sort_key"),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sector = forms.ChoiceField(
        label=_("Helst i sektoren"), choices=[("", _("Lige meget")), *SECTORS], required=False
    )
    region = forms.ModelChoiceField(
        label=_("Helst i regionen"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=_("Hele landet"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Region.objects.valid_on(coi_today()).order_by("sort_key")
        self.fields["region"].queryset = rows  # type: ignore[attr-defined]

    def wish_fields(self) -> dict[str, Any]:
        """What the row holds."""
        data = self.cleaned_data
        return {"text": data["text"].strip(), "sector": data["sector"], "region": data["region"]}


class WishAnswerForm(OnceMixin, forms.Form):
    """An answer: a few words, and a place if there is one."""

    workplace = forms.ModelChoiceField(
        label=_("Fra"),
        queryset=Workplace.objects.none(),
        to_field_name="slug",
        empty_label=None,
        error_messages={
            "required": _("Vælg, hvem der svarer."),
            "invalid_choice": _("Vælg, hvem der svarer."),
        },
    )
    text = forms.CharField(
        label=_("Svar"),
        max_length=1000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Skriv, hvad gæsten kan se hos jer, eller hvem gæsten kan spørge."),
        error_messages={"required": _("Skriv et svar.")},
    )
    offer = forms.CharField(
        label=_("En praktikplads, der passer"),
        max_length=300,
        required=False,
        help_text=_("Kopiér pladsens adresse fra portalen."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = workplaces_of(by).filter(closed_on__isnull=True).order_by("sort_key")
        self.fields["workplace"].queryset = rows  # type: ignore[attr-defined]
        self.found: Offer | None = None
        if is_editor(by):
            self.fields["workplace"].required = False
            self.fields["workplace"].empty_label = _("Centret")  # type: ignore[attr-defined]

    def clean_offer(self) -> str:
        """A place that anyone may read, by its address or the last part of it."""
        text: str = self.cleaned_data["offer"].strip()
        if not text:
            return ""
        slug = re.sub(r"[?#].*", "", text).rstrip("/").rsplit("/", 1)[-1]
        self.found = Offer.objects.published().filter(slug=slug).first()
        if self.found is None:
            raise ValidationError(
                _(
                    "Vi kan ikke finde en plads på den adresse. Kopiér adressen fra siden, eller lad feltet stå tomt."
                )
            )
        return text
