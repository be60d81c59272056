"""One picture with a form: chosen, kept while something else is put right, described, stored."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from editorial import staging
from editorial.staging import Staged
from guards.cpr import refuse_cpr
from guards.pictures import SafePictureField, StoredPicture, store_picture


class PictureMixin(forms.Form):
    """For forms that also have OnceMixin: a picture and what it shows. See templates/components/picture_fields.html."""

    stored: StoredPicture | None = None
    """The picture once `store` has stored it."""
    staged: Staged | None = None
    """A picture that came with the form before, and waits while something else is put right."""

    picture = SafePictureField(
        label=_("Billede"),
        required=False,
        help_text=_(
            "JPEG, PNG eller WebP. Vi fjerner oplysninger om sted og kamera. Vis ikke andre, uden at de har sagt ja."
        ),
    )
    without_picture = forms.BooleanField(label=_("Send uden billedet"), required=False)
    alt = forms.CharField(
        label=_("Hvad viser billedet?"),
        required=False,
        max_length=250,
        validators=[refuse_cpr],
        help_text=_("Læses op for dem, der ikke kan se det."),
    )

    def __init__(self, *args: Any, staged: Staged | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staged = staged

    def clean(self) -> dict[str, Any] | None:
        """A picture needs words for those who do not see it."""
        cleaned: dict[str, Any] | None = super().clean()
        data = self.cleaned_data
        if data.get("picture") or data.get("without_picture"):
            self.staged = None
        has_picture = data.get("picture") or self.staged
        if has_picture and "alt" not in self.errors and not data.get("alt", "").strip():
            self.add_error("alt", ValidationError(_("Skriv, hvad billedet viser.")))
        return cleaned


def store(form: PictureMixin) -> bool:
    """Put the picture, if any, into the store. False, with an error at the field, when it can't be stored now."""
    clean = form.cleaned_data.get("picture")
    try:
        form.stored = store_picture(clean) if clean else form.staged.stored if form.staged else None
    except OSError:
        form.add_error(
            "picture",
            _("Billedet kunne ikke gemmes nu. Prøv igen, eller send uden. Alt andet står her stadig."),
        )
        return False
    return True


def keep(request: HttpRequest, form: PictureMixin) -> None:
    """Let a picture that is fine wait while something else in the form is put right."""
    if form.cleaned_data.get("without_picture"):
        staging.clear(request)
    if not (clean := form.cleaned_data.get("picture")):
        return
    try:
        form.staged = staging.stage(request, form.cleaned_data["once"], clean)
    except OSError:
        form.add_error("picture", _("Vælg billedet igen. Alt andet står her stadig."))
