"""The form field through which pictures come in."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from guards.pictures.cleaning import CleanPicture, clean_picture

ACCEPT = "image/jpeg,image/png,image/webp"


class SafePictureField(forms.FileField):
    """A file field whose cleaned value is a CleanPicture (or None when it is optional and empty).

    Works in any form, Django admin's inlines too. It stores nothing: the form's or admin's ``save`` gives
    the value to ``store_picture`` and keeps the name it returns. Don't name it like a model's own
    ImageField, for a ModelForm would put the CleanPicture there; use a name such as ``upload``.
    """

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Let the file dialogue offer only pictures; the check itself is never left to the browser."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        if isinstance(widget, forms.FileInput):
            attrs.setdefault("accept", ACCEPT)
        return attrs

    def to_python(self, data: "UploadedFile[Any] | None") -> CleanPicture | None:  # type: ignore[override]
        """Check and clean the upload; raises PictureError (a ValidationError) with a Danish sentence."""
        if data in self.empty_values or data is None:
            return None
        return clean_picture(data)
