"""Editing in admin without overwriting each other: a token of what the form was made from, checked under a lock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.forms.models import BaseInlineFormSet, _get_foreign_key
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

UNCOUNTED = {"updated_at", "version", "sort_key"}
"""Columns that follow the others; a change in them alone is no edit."""


def root_model(model: type[models.Model]) -> type[models.Model]:
    """The table at the bottom of a multi-table inheritance: the row that everybody locks."""
    parents = list(model._meta.all_parents)
    return parents[-1] if parents else model


def columns(model: type[models.Model]) -> list[str]:
    """The columns of `model` (inherited ones too) in which a change is an edit."""
    return [f.attname for f in model._meta.concrete_fields if not f.generated and f.name not in UNCOUNTED]


def edit_token(obj: models.Model, inlines: Iterable[Any] = ()) -> str:
    """A fingerprint of `obj` as the database has it now, with its many-to-many rows and the rows of `inlines`."""
    model = type(obj)
    state: list[Any] = [list(model._base_manager.filter(pk=obj.pk).values_list(*columns(model)))]
    for field in model._meta.many_to_many:
        state.append(sorted(map(str, getattr(obj, field.name).values_list("pk", flat=True))))
    for inline in inlines:
        link = _get_foreign_key(model, inline.model, fk_name=inline.fk_name)
        rows = inline.model._base_manager.filter(**{link.attname: obj.pk}).order_by("pk")
        state.append(list(rows.values_list(*columns(inline.model))))
    return hashlib.sha256(json.dumps(state, cls=DjangoJSONEncoder).encode()).hexdigest()[:32]


class EditForm(forms.ModelForm):
    """A form that refuses to save when somebody else has saved since it was shown; what was typed stays in it.

    The admin sets `current_token` (a function of the object) and `describe_conflict` (who was first, and where to see
    it) on the class. After a conflict a tick box offers to save anyway; it holds for exactly the version then seen.
    """

    edit_token = forms.CharField(
        required=False, widget=forms.HiddenInput, label=gettext_lazy("Udgaven, du retter i")
    )
    overwrite = forms.CharField(
        required=False, widget=forms.HiddenInput, label=gettext_lazy("Gem min udgave oven i den andens")
    )
    current_token: Callable[[models.Model], str] | None = None
    describe_conflict: Callable[[models.Model], Any] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.current_token and self.instance.pk and not self.is_bound:
            self.initial["edit_token"] = self.current_token(self.instance)

    def clean(self) -> dict[str, Any] | None:
        """As any form, and then the token. Raises ValidationError on a conflict."""
        cleaned = super().clean()
        if not (self.current_token and self.instance.pk):
            return cleaned
        now = self.current_token(self.instance)
        data = self.cleaned_data
        if now in (data.get("edit_token"), data.get("overwrite")):
            return cleaned
        self.fields["overwrite"].widget = forms.CheckboxInput(attrs={"value": now})
        who = self.describe_conflict(self.instance) if self.describe_conflict else ""
        different = [
            str(self.fields[name].label or name)
            for name in self.changed_data
            if name not in ("edit_token", "overwrite") and name in self.fields
        ]
        raise ValidationError(
            format_html(
                "{} {} {}",
                who or _("En anden har gemt, mens du skrev."),
                _("Intet er gemt, og din tekst står her endnu. Her er din udgave anderledes: %s.")
                % (", ".join(different) or _("kun i rækkerne nedenunder")),
                _(
                    "Vil du gemme din udgave oven i, så sæt kryds ved »Gem min udgave oven i den andens«, og gem igen."
                ),
            ),
            code="conflict",
        )


class KeepingFormSet(BaseInlineFormSet):
    """An inline formset that stands a row being deleted by somebody else while the form was open."""

    model: Any
    form: Any

    def _construct_form(self, i: int, **kwargs: Any) -> forms.ModelForm:
        if self.is_bound and i < self.initial_form_count():
            value = self.data.get(f"{self.add_prefix(i)}-{self.model._meta.pk.attname}", "")
            known = {str(row.pk): row for row in self.get_queryset()}
            # A row that is gone is shown as typed; the token has already said no.
            kwargs["instance"] = known.get(str(value)) or self.model()
        form: forms.ModelForm = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        return form

    def get_unique_error_message(self, unique_check: Any) -> str:
        """What is wrong when two rows are the same, with the field's name as people see it."""
        labels = [
            str(self.form.base_fields[n].label or n).lower()
            for n in unique_check
            if n in self.form.base_fields
        ]
        return _("To rækker er ens (%s). Slet den ene.") % ", ".join(labels)

    def get_form_error(self) -> str:
        """The same, at the row."""
        return _("Rækken står her allerede.")


class PeriodForm(forms.ModelForm):
    """A row with valid_from and valid_to; the formset judges overlap, for it sees all rows as they will be."""

    owner = ""

    def validate_constraints(self) -> None:
        """All constraints but the one on overlap."""
        try:
            self.instance.validate_constraints(exclude={*self._get_validation_exclusions(), self.owner})  # type: ignore[attr-defined]
        except ValidationError as error:
            self._update_errors(error)  # type: ignore[attr-defined]


class PeriodFormSet(KeepingFormSet):
    """Periods of one thing: no two may overlap."""

    def clean(self) -> None:
        """Raises ValidationError at the row that begins before the one before it has ended."""
        super().clean()
        rows = [
            form
            for form in self.forms
            if form.is_valid() and form not in self.deleted_forms and (form.instance.pk or form.has_changed())
        ]
        rows.sort(key=lambda form: str(form.instance.valid_from or ""))
        for before, after in pairwise(rows):
            end, start = before.instance.valid_to, after.instance.valid_from
            if end is None or start is None or start < end:
                after.add_error(
                    "valid_from" if "valid_from" in after.fields else None,
                    _("Perioden overlapper den, der begynder før den. Skriv en slutdato i den første."),
                )
                raise ValidationError(_("To perioder overlapper."))


def lock_row(request: HttpRequest, model: type[models.Model], pk: Any) -> None:
    """Lock the row of `model` with this key until the request's transaction ends, when it is about to be changed."""
    if request.method == "POST":
        root = root_model(model)
        try:
            list(root._base_manager.select_for_update(of=("self",)).filter(pk=pk).values_list("pk"))
        except (ValueError, ValidationError):
            return  # not a key at all; the admin answers that
