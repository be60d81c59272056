"""What hangs on content, in admin: pictures, links, contact, those who take part."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.editing import KeepingFormSet
from accounts.staff_admin import StackedStaffInline, StaffInline
from editorial.models import Contact, Link, Participation, Picture
from guards.pictures import SafePictureField, picture_url, store_picture, variant_name


class OrderedForm(forms.ModelForm):
    """A row with a place in the order; left empty, it comes last."""

    position = forms.IntegerField(
        label=gettext_lazy("Nr."),
        required=False,
        min_value=0,
        max_value=30_000,
        help_text=gettext_lazy("Tomt: sidst."),
        widget=forms.NumberInput(attrs={"class": "vSmallNumber"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["position"] = None


class OrderedFormSet(KeepingFormSet):
    """Rows in an order: what has no number comes after what has."""

    def save(self, commit: bool = True) -> Any:
        """Number the new rows, then save."""
        following = max((f.instance.position or 0 for f in self.initial_forms), default=-1) + 1
        for form in self.extra_forms:
            if form.has_changed() and form.cleaned_data.get("position") is None:
                form.instance.position, following = following, following + 1
        for form in self.initial_forms:
            if form.instance.position is None:
                form.instance.position, following = following, following + 1
        return super().save(commit)


class OrderedInline(StaffInline):
    """A table of ordered rows."""

    form = OrderedForm
    formset = OrderedFormSet


class StackedOrderedInline(StackedStaffInline):
    """Ordered rows with longer texts."""

    form = OrderedForm
    formset = OrderedFormSet


def thumbnail(picture: Picture) -> SafeString | str:
    """A small picture, for lists and forms."""
    if not picture.name:
        return ""
    name = variant_name(picture.name, min(picture.widths)) if picture.widths else picture.name
    return format_html(
        '<img class="thumbnail" src="{}" alt="{}" loading="lazy">', picture_url(name), picture.alt
    )


class PictureForm(OrderedForm):
    """A picture: checked and cleaned on the way in; the alternative text is asked for."""

    upload = SafePictureField(
        label=gettext_lazy("Billedfil"),
        required=False,
        help_text=gettext_lazy("JPEG, PNG eller WebP. Portalen fjerner sted og kameraoplysninger."),
    )
    decorative = forms.BooleanField(
        label=gettext_lazy("Ren pynt: billedet siger ikke noget, teksten ikke siger"), required=False
    )

    class Meta:
        model = Picture
        fields: ClassVar = ["alt", "caption", "credit", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["decorative"] = not self.instance.alt

    def clean(self) -> dict[str, Any] | None:
        """Store the picture here, so that a failing store is an error at the field and not a lost page."""
        super().clean()
        data = self.cleaned_data
        upload = data.get("upload")
        if upload is None and not self.instance.pk and "upload" not in self.errors:
            self.add_error("upload", _("Vælg et billede."))
        if not data.get("alt") and not data.get("decorative"):
            self.add_error("alt", _("Skriv, hvad billedet viser, eller sæt kryds ved »Ren pynt«."))
        if upload is not None:
            try:
                stored = store_picture(upload)
            except OSError:
                self.add_error("upload", _("Billedet kunne ikke gemmes lige nu. Prøv igen om lidt."))
            else:
                row = self.instance
                row.name, row.width, row.height, row.widths = (
                    stored.name,
                    stored.width,
                    stored.height,
                    stored.variants,
                )
        return data


class PictureFormSet(OrderedFormSet):
    """The pictures of one content row, each once."""

    def clean(self) -> None:
        """Raises ValidationError at a picture that is there already."""
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            name = form.instance.name
            if form in self.deleted_forms or not name:
                continue
            if name in seen:
                form.add_error("upload", _("Billedet er her allerede."))
                raise ValidationError(_("Det samme billede er valgt to gange."))
            seen.add(name)


class PictureInline(StackedOrderedInline):
    model = Picture
    form = PictureForm
    formset = PictureFormSet
    readonly_fields: ClassVar = ["preview"]
    fields: ClassVar = [("preview", "upload"), "alt", "decorative", ("caption", "credit", "position")]

    @admin.display(description=gettext_lazy("Nu"))
    def preview(self, obj: Picture) -> SafeString | str:
        """The picture as it is."""
        return thumbnail(obj)


class LinkInline(OrderedInline):
    model = Link
    fields: ClassVar = ["kind", "title", "url", "note", "checked_on", "position"]
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}


class ParticipationInline(OrderedInline):
    model = Participation
    fields: ClassVar = ["workplace", "role", "position"]
    autocomplete_fields: ClassVar = ["workplace"]


class ContactInline(StackedStaffInline):
    model = Contact
    max_num = 1
    fields: ClassVar = [("name", "role"), ("email", "phone"), "consented_on"]
    verbose_name_plural = gettext_lazy(
        "Kontakt (vises kun med samtykke, og hvem der retter den, gemmes ikke)"
    )
