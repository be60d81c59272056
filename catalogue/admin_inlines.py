"""The rows that hang on an entry, in admin."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.editing import KeepingFormSet
from accounts.staff_admin import StackedStaffInline
from catalogue.models import HardQuestion, Measure, Reuse, Step, TimelineStep
from editorial.admin_parts import OrderedForm, OrderedInline, StackedOrderedInline


class MeasureForm(OrderedForm):
    """A measure, with numbers as Danes write them: »12,5«, and »120« rather than »120,000«."""

    class Meta:
        model = Measure
        fields: ClassVar = ["label", "unit", "before", "after", "better", "evidence", "position"]
        localized_fields: ClassVar = ["before", "after"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("before", "after"):
            if isinstance(value := self.initial.get(name), Decimal):
                whole = value == value.to_integral()
                self.initial[name] = value.quantize(Decimal(1)) if whole else value.normalize()


class MeasureInline(OrderedInline):
    model = Measure
    form = MeasureForm
    fields: ClassVar = ["label", "unit", "before", "after", "better", "evidence", "position"]


class TimelineInline(OrderedInline):
    model = TimelineStep
    fields: ClassVar = ["when", "text", "position"]


class StepInline(StackedOrderedInline):
    model = Step
    fields: ClassVar = ["title", "text", "position"]


class HardQuestionInline(StackedOrderedInline):
    model = HardQuestion
    fields: ClassVar = ["question", "answer", ("answered_by", "position")]


class ReuseForm(forms.ModelForm):
    """Reuse by a workplace; it can build only on another reuse of the same entry, and not in a ring."""

    class Meta:
        model = Reuse
        fields: ClassVar = [
            "workplace",
            "kind",
            "phase",
            "year",
            "parent",
            "what_changed",
            "result",
            "confirmed_on",
            "visible",
        ]

    def clean_parent(self) -> Reuse | None:
        """Not itself, nor something that builds on it."""
        parent: Reuse | None = self.cleaned_data["parent"]
        above, steps = parent, 0
        while above is not None and steps < 50:
            if self.instance.pk and above.pk == self.instance.pk:
                raise forms.ValidationError(_("Det går i ring: de to bygger på hinanden."))
            above, steps = above.parent, steps + 1
        return parent


class ReuseFormSet(KeepingFormSet):
    """All reuse of one entry; the choice of what it builds on is read once."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "parent" not in form.fields:
            return
        if not hasattr(self, "_parents"):
            rows = (
                Reuse.objects.filter(entry=self.instance.pk).select_related("workplace")
                if self.instance.pk
                else []
            )
            self._parents = [("", "---------"), *((r.pk, str(r)) for r in rows)]
        form.fields["parent"].queryset = Reuse.objects.filter(entry=self.instance.pk)
        form.fields["parent"].choices = self._parents


class ReuseInline(StackedStaffInline):
    model = Reuse
    form = ReuseForm
    formset = ReuseFormSet
    fk_name = "entry"
    fields: ClassVar = [
        "workplace", ("kind", "phase", "year"), "parent", "what_changed", "result", ("confirmed_on", "visible"),
    ]  # fmt: skip
    autocomplete_fields: ClassVar = ["workplace"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """»Bygger på« gets its choices from the formset; adding a related row from here makes no sense."""
        if db_field.name == "parent":
            kwargs["queryset"] = Reuse.objects.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
