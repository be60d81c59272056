"""The list parameters of the portal as filters over search documents (django-filter)."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet

from places.areas import Geography
from search.models import Document


class _AnyValues(forms.MultipleChoiceField):
    """Several values of one parameter. Which are known is decided by the Listing, which names the others."""

    def valid_value(self, value: str) -> bool:
        return True


class AnyOf(django_filters.Filter):
    """Values within one parameter are joined by OR; `array` columns match when they share a value."""

    field_class = _AnyValues

    def __init__(self, *args: Any, array: bool = False, **kwargs: Any) -> None:
        self.array = array
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet[Document], value: list[str]) -> QuerySet[Document]:
        """Rows with any of the values; all rows when there is none."""
        if not value:
            return qs
        return qs.filter(**{f"{self.field_name}__{'overlap' if self.array else 'in'}": value})


class DocumentFilter(django_filters.FilterSet):
    """Parameters are joined by AND. Their names and values are the contract with those who link to lists."""

    type = AnyOf(field_name="kind")
    sektor = AnyOf(field_name="sectors", array=True)
    region = AnyOf(method="in_region")
    kommune = AnyOf(field_name="area")
    fagomraade = AnyOf(field_name="subject_areas", array=True)
    emne = AnyOf(field_name="tags", array=True)
    aar = AnyOf(field_name="years", array=True)
    vaerdi = AnyOf(field_name="values", array=True)
    innovationstype = AnyOf(field_name="innovation_types", array=True)
    status = AnyOf(field_name="status")

    class Meta:
        model = Document
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, geography: Geography, **kwargs: Any) -> None:
        self.geography = geography
        super().__init__(*args, **kwargs)

    def in_region(self, qs: QuerySet[Document], name: str, value: list[str]) -> QuerySet[Document]:
        """Rows in the municipalities that the regions' codes stand for today."""
        if not value:
            return qs
        areas = {area for code in value for area in self.geography.areas_of(code)}
        return qs.filter(area__in=areas)
