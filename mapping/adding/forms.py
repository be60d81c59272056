"""What is asked of somebody who puts a workplace on the map, or corrects one."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guards.cpr import refuse_cpr
from guards.once import OnceMixin
from mapping.adding.fields import PlaceMixin
from places.choices import Sector
from places.models import Workplace

FACTS = ("municipality", "address", "postcode", "city", "lat", "lng", "website")
"""What a contact person may propose to correct; names and sectors have periods, which the editors keep."""


class PlaceForm(PlaceMixin, OnceMixin):
    """Where a workplace is, and where to read about it."""

    address = forms.CharField(
        label=gettext_lazy("Vej og nummer"), required=False, max_length=160, validators=[refuse_cpr],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    postcode = forms.CharField(
        label=gettext_lazy("Postnummer"), required=False, max_length=4,
        validators=[RegexValidator(r"^\d{4}$", gettext_lazy("Et postnummer er fire cifre."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-char-4", "autocomplete": "off"}),
    )  # fmt: skip
    city = forms.CharField(
        label=gettext_lazy("By"), required=False, max_length=60, validators=[refuse_cpr],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    website = forms.URLField(
        label=gettext_lazy("Hjemmeside"), required=False, max_length=300, assume_scheme="https",
        error_messages={"invalid": gettext_lazy("Skriv en adresse som https://www.kommune.dk.")},
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )  # fmt: skip
    message = forms.CharField(
        label=gettext_lazy("Besked til redaktionen"), required=False, max_length=2000, validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("F.eks. et navn, der er ændret. Beskeden vises ikke på portalen."),
    )  # fmt: skip

    def clean_website(self) -> str:
        """A web address."""
        address: str = self.cleaned_data["website"]
        if address and not address.lower().startswith(("https://", "http://")):
            raise ValidationError(_("Hjemmesiden skal begynde med https:// eller http://."))
        return address

    def facts(self) -> dict[str, Any]:
        """What was written, as the queue keeps it: plain values."""
        return {name: plain(self.cleaned_data.get(name)) for name in FACTS}


class CorrectForm(PlaceForm):
    """What a contact person corrects about their workplace. What was corrected while the form stood open is told."""

    def __init__(self, data: QueryDict | None = None, *, workplace: Workplace) -> None:
        now = {name: getattr(workplace, name) for name in FACTS}
        self.before = {name: plain(value) for name, value in now.items()}
        self.seen = hashlib.sha256(json.dumps(self.before, sort_keys=True).encode()).hexdigest()[:20]
        super().__init__(data, initial=now)

    def clean(self) -> dict[str, Any]:
        """As a place; and what the form shows must be what stands there now."""
        cleaned = super().clean()
        if self.data.get("seen") != self.seen:
            self.add_error(
                None, _("Oplysningerne er rettet, siden du åbnede siden. Se siden igennem, og send igen.")
            )
        return cleaned


class WorkplaceForm(PlaceForm):
    """A workplace that is not on the portal yet."""

    name = forms.CharField(
        label=gettext_lazy("Hvad hedder arbejdspladsen?"), max_length=160, validators=[refuse_cpr],
        help_text=gettext_lazy("Det fulde navn, som I selv skriver det."),
        error_messages={"required": gettext_lazy("Skriv, hvad arbejdspladsen hedder.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "coi-wide"}),
    )  # fmt: skip
    sector = forms.ChoiceField(
        label=gettext_lazy("Hvilken del af det offentlige?"),
        choices=[("", gettext_lazy("Vælg sektor")), *Sector.choices],
        error_messages={"required": gettext_lazy("Vælg en sektor.")},
    )
    field_order = (
        "name",
        "sector",
        "municipality",
        "address",
        "postcode",
        "city",
        "lat",
        "lng",
        "website",
        "message",
    )

    def facts(self) -> dict[str, Any]:
        """As for a correction, with name and sector."""
        return {"name": self.cleaned_data["name"], "sector": self.cleaned_data["sector"], **super().facts()}


def plain(value: Any) -> Any:
    """A cleaned value as JSON keeps it."""
    if value in (None, ""):
        return ""
    return getattr(value, "pk", None) or str(value)
