"""Safe pictures: take an upload in, give back pixels and nothing but pixels.

The usual way through a form::

    class PictureForm(forms.Form):
        picture = SafePictureField(label=_("Billede"))

    stored = store_picture(form.cleaned_data["picture"])
    # keep stored.name, stored.width, stored.height and stored.variants on the row

and in a template's view: ``srcset(row.name, row.variants, full_width=row.width)``.
"""

from guards.pictures.cleaning import (
    MAX_BYTES,
    VARIANT_WIDTHS,
    CleanPicture,
    PictureError,
    clean_picture,
    variant_widths,
    variants,
)
from guards.pictures.fields import ACCEPT, SafePictureField
from guards.pictures.naming import safe_display_name
from guards.pictures.storage import (
    StoredPicture,
    delete_picture,
    original_names,
    orphans,
    picture_name,
    picture_url,
    srcset,
    store_picture,
    variant_name,
)

__all__ = [
    "ACCEPT",
    "MAX_BYTES",
    "VARIANT_WIDTHS",
    "CleanPicture",
    "PictureError",
    "SafePictureField",
    "StoredPicture",
    "clean_picture",
    "delete_picture",
    "original_names",
    "orphans",
    "picture_name",
    "picture_url",
    "safe_display_name",
    "srcset",
    "store_picture",
    "variant_name",
    "variant_widths",
    "variants",
]
