"""History by database triggers (django-pghistory), so that admin, bulk edits and plain SQL are all caught."""

from typing import TypeVar

import pghistory
from django.db import models

T = TypeVar("T", bound=models.Model)


def track_type(model: type[T]) -> type[T]:
    """Track the own columns of a model that extends Content; Content's are tracked on its own table."""
    own = [field.name for field in model._meta.local_fields if not (field.primary_key or field.generated)]
    related_name = f"{model._meta.model_name}_events"
    tracked: type[T] = pghistory.track(
        fields=own,
        obj_field=pghistory.ObjForeignKey(related_name=related_name),
        model_name=f"{model.__name__}Event",
    )(model)
    return tracked
