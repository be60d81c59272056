"""How somebody says where something is: a municipality, and if they like a point, as numbers or with a click."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from places.boundaries import in_denmark, lies_in
from places.models import Municipality

PLACES = Decimal("0.00001")
"""A metre or so: finer than anybody points."""


class DegreeField(forms.CharField):
    """Degrees as Danes or maps write them: »55,67610«, »55.6761«, with or without °; cleaned to a Decimal or None."""

    def __init__(self, *, within: tuple[float, float], outside: Any, **kwargs: Any) -> None:
        self.within, self.outside = within, outside
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "input-width-s"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(required=False, max_length=24, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        """A number of degrees, rounded to five decimals. Raises ValidationError."""
        text = re.sub(r"[°\sNØEnøe]+$", "", super().clean(value)).replace(",", ".")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise ValidationError(_("Skriv et tal med grader, f.eks. 55,67610.")) from None
        if not number.is_finite() or not self.within[0] <= number <= self.within[1]:
            raise ValidationError(self.outside)
        return number.quantize(PLACES)

    def prepare_value(self, value: Any) -> Any:
        """As Danes write it."""
        return str(value).replace(".", ",") if isinstance(value, Decimal) else value


def latitude() -> DegreeField:
    """Degrees north, in Denmark."""
    return DegreeField(
        label=gettext_lazy("Breddegrad (nord)"),
        within=(54.4, 57.9),
        outside=gettext_lazy("Breddegraden ligger uden for Danmark. Den skal være mellem 54,4 og 57,9."),
        help_text=gettext_lazy("F.eks. 55,67610"),
    )


def longitude() -> DegreeField:
    """Degrees east, in Denmark."""
    return DegreeField(
        label=gettext_lazy("Længdegrad (øst)"),
        within=(7.9, 15.3),
        outside=gettext_lazy("Længdegraden ligger uden for Danmark. Den skal være mellem 7,9 og 15,3."),
        help_text=gettext_lazy("F.eks. 12,56830"),
    )


def check_point(
    form: forms.Form,
    *,
    lat: Decimal | None,
    lng: Decimal | None,
    municipality: Municipality | None,
    is_known: bool = False,
) -> None:
    """Both numbers or none; on Danish land; and a question when they lie outside the municipality.

    Adds errors to the form, which has the fields lat, lng and point_is_right. The question is asked once: whoever says
    yes is believed, and a point that `is_known` stood there already.
    """
    if (lat is None) != (lng is None):
        form.add_error("lat" if lat is None else "lng", _("Skriv begge tal, eller lad begge stå tomme."))
        return
    if lat is None or lng is None:
        return
    if not in_denmark(lat, lng):
        form.add_error(
            "lat", _("Punktet ligger i havet eller uden for Danmark. Se, om tallene er byttet om.")
        )
    elif municipality and not is_known and lies_in(municipality, lat, lng) is False:
        form.asks_about_point = True  # type: ignore[attr-defined]
        if not form.cleaned_data.get("point_is_right"):
            text = _("Punktet ser ud til at ligge uden for %(name)s. Ret det, eller sig, at det er rigtigt.")
            form.add_error("point_is_right", text % {"name": municipality.full_name})


class PlaceMixin(forms.Form):
    """Municipality and point. A point that seems to lie elsewhere is asked about once; whoever says yes is believed."""

    municipality = forms.ModelChoiceField(
        label=gettext_lazy("Kommune"),
        queryset=Municipality.objects.all(),
        empty_label=gettext_lazy("Vælg kommune"),
        error_messages={"required": gettext_lazy("Vælg den kommune, stedet ligger i.")},
    )
    lat = latitude()
    lng = longitude()
    point_is_right = forms.BooleanField(label=gettext_lazy("Ja, punktet er rigtigt"), required=False)

    asks_about_point = False
    """Whether the form has to ask if the point is right."""

    def clean(self) -> dict[str, Any]:
        """What must hold of the point."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not {"lat", "lng"} & set(self.errors):
            check_point(
                self,
                lat=cleaned.get("lat"),
                lng=cleaned.get("lng"),
                municipality=cleaned.get("municipality"),
            )
        return cleaned


def point_lies_in(code: str, lat: str, lng: str) -> bool | None:
    """places.boundaries.lies_in for plain values; None where it is not known."""
    municipality = Municipality.objects.filter(pk=code).first()
    return lies_in(municipality, Decimal(lat), Decimal(lng)) if municipality and lat and lng else None
