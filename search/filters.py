"""The list parameters of the portal as filters (django-filter). They narrow a Selection of what may be found."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms

from places.areas import Geography
from search.models import Document
from search.selection import Selection


class _AnyValues(forms.MultipleChoiceField):
    """Several values of one parameter. Which are known is decided by the Listing, which names the others."""

    def valid_value(self, value: str) -> bool:
        return True


class AnyOf(django_filters.Filter):
    """Values within one parameter are joined by OR; a row that has several matches when it has one of them."""

    field_class = _AnyValues

    def filter(self, qs: Selection, value: list[str]) -> Selection:
        """Rows with any of the values; all rows when there is none."""
        return qs.having(self.field_name, value) if value else qs


class DocumentFilter(django_filters.FilterSet):
    """Parameters are joined by AND. Their names and values are the contract with those who link to lists."""

    type = AnyOf(field_name="kind")
    sektor = AnyOf(field_name="sectors")
    region = AnyOf(method="in_region")
    kommune = AnyOf(field_name="area")
    fagomraade = AnyOf(field_name="subject_areas")
    emne = AnyOf(field_name="tags")
    aar = AnyOf(field_name="years")
    vaerdi = AnyOf(field_name="values")
    innovationstype = AnyOf(field_name="innovation_types")
    status = AnyOf(field_name="status")

    class Meta:
        model = Document
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, geography: Geography, **kwargs: Any) -> None:
        self.geography = geography
        super().__init__(*args, **kwargs)

    def filter_queryset(self, queryset: Selection) -> Selection:
        """What django-filter does for a QuerySet, for a Selection."""
        for name, value in self.form.cleaned_data.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset

    def in_region(self, qs: Selection, name: str, value: list[str]) -> Selection:
        """Rows in the municipalities that the regions' codes stand for today."""
        if not value:
            return qs
        return qs.having("area", {area for code in value for area in self.geography.areas_of(code)})
