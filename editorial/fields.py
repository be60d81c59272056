"""Columns that hold several values of a fixed list, guarded by the database."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.db import models
from django.db.models import Q
from django.forms import CheckboxSelectMultiple, TypedMultipleChoiceField


class ChoiceArrayField(ArrayField):
    """A text[] column of values from `choices`, shown as tick boxes in forms."""

    def __init__(self, choices_class: type[models.TextChoices] | None = None, **kwargs: Any) -> None:
        self.choices_class = choices_class
        kwargs.setdefault("base_field", models.CharField(max_length=40))
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(**kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        """Tick boxes when the list of choices is known, else a comma-separated field."""
        if self.choices_class is None:
            return super().formfield(**{"form_class": SimpleArrayField, **kwargs})
        return models.Field.formfield(
            self,
            **{
                "form_class": TypedMultipleChoiceField,
                "choices": self.choices_class.choices,
                "coerce": str,
                "widget": CheckboxSelectMultiple,
                "required": not self.blank,
                **kwargs,
            },
        )


def only_known(
    field: str, choices: type[models.TextChoices], *, name: str, message: Any
) -> models.CheckConstraint:
    """A CHECK that the array `field` holds nothing but values of `choices`."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__contained_by": choices.values}), name=name, violation_error_message=message
    )


def one_of(
    field: str, choices: type[models.TextChoices], *, name: str, blank: bool = False
) -> models.CheckConstraint:
    """A CHECK that the column `field` holds a value of `choices` (or is empty, where `blank`)."""
    values = [*choices.values, ""] if blank else choices.values
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)


def section(label: Any, help_text: Any = "", **options: Any) -> models.TextField:
    """A section of text (Markdown). Empty takes no room on the page. `options` go to the field as they are."""
    return models.TextField(label, blank=True, max_length=20_000, help_text=help_text, **options)
