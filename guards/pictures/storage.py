"""Keep clean pictures in Django's default storage: a folder, or S3 by setting; never a local path."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath
from urllib.parse import quote

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from guards.pictures.cleaning import VARIANT_WIDTHS, CleanPicture, variants

ROOT = "billeder"
EXTENSIONS = ("jpg", "png", "webp")
"""Extensions of stored pictures."""


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """What a row keeps of a stored picture; ``variants`` are the widths of its smaller versions."""

    name: str
    width: int
    height: int
    variants: list[int]


def picture_name(clean: CleanPicture) -> str:
    """Return the name in storage: from the content alone, so a double submit gives one file."""
    return f"{ROOT}/{clean.sha256[:2]}/{clean.sha256[:40]}.{clean.extension}"


def variant_name(name: str, width: int) -> str:
    """Return the name of the smaller version of a stored picture."""
    return f"{PurePosixPath(name).with_suffix('')}-{width}.webp"


def store_picture(clean: CleanPicture) -> StoredPicture:
    """Write a picture and its smaller versions, and return what to keep on the row.

    The picture itself is written last: where it is, its versions are. Raises OSError (or what the storage
    raises) when storing fails; calling again is always safe. If the row is never saved, the files are found
    by ``orphans``.
    """
    name = picture_name(clean)
    smaller = variants(clean)
    for width, data in smaller.items():
        _write_once(variant_name(name, width), data)
    _write_once(name, clean.data)
    return StoredPicture(name=name, width=clean.width, height=clean.height, variants=list(smaller))


def picture_url(name: str) -> str:
    """Return the address of a stored file: always the portal's own, which asks whether it may be seen."""
    return f"{settings.MEDIA_URL}{quote(name)}"


def original_names(name: str) -> list[str]:
    """Return the picture names that `name`, a picture or one of its smaller versions, can belong to."""
    path = PurePosixPath(name)
    stem = re.sub(r"-\d+$", "", path.stem) if path.suffix == ".webp" else path.stem
    return [str(path.with_name(f"{stem}.{extension}")) for extension in EXTENSIONS]


def srcset(name: str, widths: Iterable[int], *, full_width: int | None = None) -> str:
    """Return the value of an img's srcset: the smaller versions, and the picture itself with `full_width`."""
    candidates = [(variant_name(name, width), width) for width in sorted(widths)]
    if full_width is not None and full_width not in {width for _file, width in candidates}:
        candidates.append((name, full_width))
    return ", ".join(f"{picture_url(file)} {width}w" for file, width in candidates)


def delete_picture(name: str) -> None:
    """Delete a picture and its versions. A missing file is no error.

    Equal pictures share one file: call it only when no row uses the name any more, after the commit.
    """
    default_storage.delete(name)
    for width in VARIANT_WIDTHS:
        default_storage.delete(variant_name(name, width))


def orphans(used: Collection[str], *, older_than: timedelta = timedelta(days=1)) -> Iterator[str]:
    """Yield the names of stored pictures and versions that belong to none of the `used` picture names.

    Younger files are left alone: their row may be about to be saved.
    """
    belonging = set(used)
    belonging.update(variant_name(name, width) for name in used for width in VARIANT_WIDTHS)
    limit = timezone.now() - older_than
    try:
        folders = default_storage.listdir(ROOT)[0]
    except FileNotFoundError:  # nothing has been stored yet
        return
    for folder in sorted(folders):
        for file in sorted(default_storage.listdir(f"{ROOT}/{folder}")[1]):
            name = f"{ROOT}/{folder}/{file}"
            if name not in belonging and default_storage.get_modified_time(name) < limit:
                yield name


def _write_once(name: str, data: bytes) -> None:
    """Store `data` as `name` unless it is there already; a half-written file is replaced."""
    if default_storage.exists(name):
        if default_storage.size(name) == len(data):
            return
        default_storage.delete(name)
    saved = default_storage.save(name, ContentFile(data))
    if saved != name:  # someone stored the same picture in the meantime
        default_storage.delete(saved)
