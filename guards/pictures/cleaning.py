"""From an uploaded file to a clean picture: checked by content, bounded, re-encoded.

The order matters and is the defence: size in bytes, kind by content, dimensions from the header, traces of
a second file, and only then decoding, into an image that is written anew. Nothing of the file that was sent
is stored.
"""

import hashlib
import io
import logging
import re
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms

from guards.pictures.containers import Container, DamagedFileError, Format, read_container
from guards.pictures.naming import file_extension, has_hidden_characters, safe_display_name

logger = logging.getLogger(__name__)

MAX_BYTES: Final = 10 * 1024 * 1024
# A JPEG is decoded at reduced size, so today's 50-megapixel phones are welcome; PNG and WebP must be decoded
# whole, at four bytes a pixel and twice that while they are scaled down.
MAX_PIXELS: Final[dict[Format, int]] = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
MAX_SIDE: Final = 12_000
# Small enough for a logo or an icon, too big for a tracking pixel.
MIN_SIDE: Final = 8
# Every scan of a progressive JPEG passes over all pixels; ordinary ones have ten at most.
MAX_SCANNED_PIXELS: Final = 400_000_000

STORED_SIDE: Final = 2_400
VARIANT_WIDTHS: Final = (400, 800, 1600)

_EXTENSIONS: Final[dict[Format, tuple[str, ...]]] = {
    "JPEG": ("jpg", "jpeg", "jpe", "jfif"),
    "PNG": ("png",),
    "WEBP": ("webp",),
}
_SHOWN_FORMAT: Final[dict[Format, str]] = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP"}
_CONTENT_TYPES: Final[dict[Format, str]] = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}

# Unlikely by chance in compressed pixels, and never needed in a picture.
_MARKUP: Final = re.compile(rb"<(?:script|html|\?php|svg|!doctype|iframe)[\s>/]", re.IGNORECASE)
_TRAILING_FILE: Final = re.compile(rb"%PDF-|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c")
# A ZIP (a JAR, a Word file) is read from its end: this mark, followed by at most 64 KB.
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_END_WITHIN: Final = 65_557

_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class PictureError(ValidationError):
    """The file can't be used as a picture; the message says what was wrong and what to do, in Danish.

    Codes: empty, too_many_bytes, not_a_picture, wrong_extension, hidden_characters, too_many_pixels,
    too_small, animated, second_file, damaged.
    """


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture that is safe to store and serve: our own encoding of the pixels, upright, in sRGB.

    ``sha256`` is of ``data``, so the same picture sent twice has the same name. ``display_name`` is the
    client's file name made fit to be shown; it is never used as a name in storage.
    """

    data: bytes
    format: Format
    width: int
    height: int
    sha256: str
    display_name: str

    @property
    def extension(self) -> str:
        """The extension a stored file of this format has, without the dot."""
        return _EXTENSIONS[self.format][0]

    @property
    def content_type(self) -> str:
        """The media type to serve it with."""
        return _CONTENT_TYPES[self.format]


def clean_picture(
    upload: "BinaryIO | File[Any]", *, max_bytes: int = MAX_BYTES, max_pixels: int | None = None
) -> CleanPicture:
    """Check an upload and return it as a clean picture.

    `max_pixels` replaces the limit for the format. Raises PictureError with a sentence for the sender;
    anything a decoder may throw at hostile data ends as one too.
    """
    data = _read_bounded(upload, max_bytes)
    filename = upload.name if isinstance(getattr(upload, "name", None), str) else ""
    assert isinstance(filename, str)
    if has_hidden_characters(filename):
        raise PictureError(
            _("Filens navn indeholder skjulte tegn. Giv filen et almindeligt navn, og send den igen."),
            code="hidden_characters",
        )
    try:
        container = read_container(data)
    except DamagedFileError as error:
        raise _damaged() from error
    if container is None:
        raise PictureError(_what_it_is_instead(data), code="not_a_picture")
    _check_extension(filename, container.format)
    _check_bounds(container, max_pixels or MAX_PIXELS[container.format])
    _check_second_file(data, container)
    try:
        image = _upright_srgb(container)
        picture_format, encoded = _encode(image, sharp_colours=container.format != "JPEG")
    # Decoders raise most of Python's exceptions on broken data. Whatever it was, the file is refused.
    except Exception as error:
        logger.info("picture refused by the decoder", exc_info=True)
        raise _damaged() from error
    return CleanPicture(
        data=encoded,
        format=picture_format,
        width=image.width,
        height=image.height,
        sha256=hashlib.sha256(encoded).hexdigest(),
        display_name=safe_display_name(filename),
    )


def variant_widths(width: int) -> list[int]:
    """Return the widths a picture of this width has smaller versions in; never wider than itself."""
    return [candidate for candidate in VARIANT_WIDTHS if candidate <= width]


def variants(clean: CleanPicture) -> dict[int, bytes]:
    """Return WebP versions of a clean picture by width; empty when it is narrower than the smallest."""
    made: dict[int, bytes] = {}
    with Image.open(io.BytesIO(clean.data), formats=[clean.format]) as image:
        for width in variant_widths(clean.width):
            height = max(1, round(clean.height * width / clean.width))
            smaller = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
            made[width] = _save(smaller, "WEBP", quality=80, method=4)
    return made


# --- checks before decoding -----------------------------------------------------------------------------


def _read_bounded(upload: "BinaryIO | File[Any]", max_bytes: int) -> bytes:
    size = getattr(upload, "size", None)
    too_many = isinstance(size, int) and size > max_bytes
    data = b""
    if not too_many:
        if upload.seekable():
            upload.seek(0)
        data = upload.read(max_bytes + 1)
        too_many = len(data) > max_bytes
    if too_many:
        raise PictureError(
            _("Billedet fylder mere end %(limit)s MB. Gem det i mindre størrelse, og send det igen."),
            code="too_many_bytes",
            params={"limit": f"{max_bytes / 1024 / 1024:.0f}"},
        )
    if not data:
        raise PictureError(_("Filen er tom. Vælg billedet igen."), code="empty")
    return data


def _check_extension(filename: str, found: Format) -> None:
    extension = file_extension(filename)
    if extension and extension not in _EXTENSIONS[found]:
        raise PictureError(
            _(
                "Filen hedder noget med ».%(extension)s«, men indholdet er et %(format)s-billede. "
                "Giv filen endelsen ».%(right)s«, og send den igen."
            ),
            code="wrong_extension",
            params={"extension": extension, "format": _SHOWN_FORMAT[found], "right": _EXTENSIONS[found][0]},
        )


def _check_bounds(container: Container, max_pixels: int) -> None:
    width, height = container.width, container.height
    if min(width, height) < MIN_SIDE:
        raise PictureError(
            _("Billedet er kun %(width)s × %(height)s pixel. Vælg et, der er større."),
            code="too_small",
            params={"width": width, "height": height},
        )
    scanned = width * height * container.scans
    if (
        width * height > max_pixels
        or max(width, height) > MAX_SIDE
        or (container.scans > 1 and scanned > MAX_SCANNED_PIXELS)
    ):
        raise PictureError(
            _(
                "Billedet er for stort at behandle (%(width)s × %(height)s pixel). "
                "Gem det mindre, for eksempel 2.400 pixel bredt, og send det igen."
            ),
            code="too_many_pixels",
            params={"width": width, "height": height},
        )
    if container.animated:
        raise PictureError(
            _("Billedet bevæger sig. Gem et enkelt billede af det som JPEG eller PNG, og send det."),
            code="animated",
        )


def _check_second_file(data: bytes, container: Container) -> None:
    """Refuse a file that is also a web page, a document or an archive.

    Re-encoding drops such a part anyway; saying it aloud tells an honest sender that the file is infected.
    Other bytes after the picture (a phone's film clip or depth map) are common and are dropped quietly.
    """
    if (
        _MARKUP.search(data)
        or b"%PDF-" in data[:1024]
        or _TRAILING_FILE.search(data, container.end)
        or data.find(_ZIP_END, max(container.end, len(data) - _ZIP_END_WITHIN)) >= 0
    ):
        raise PictureError(
            _(
                "Filen er både et billede og noget andet, for eksempel en webside eller et arkiv. "
                "Åbn billedet i et billedprogram, gem det på ny som JPEG eller PNG, og send det nye."
            ),
            code="second_file",
        )


def _damaged() -> PictureError:
    return PictureError(
        _("Billedet er beskadiget eller ikke helt overført. Åbn det, gem det på ny, og send det igen."),
        code="damaged",
    )


def _what_it_is_instead(data: bytes) -> Any:
    """Return the sentence for a file that is none of the three formats: what it is, and what to do."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf\x00 \t\r\n").lower()
    brand = data[8:12]
    if b"<svg" in start:
        return _("SVG-tegninger kan ikke bruges, for de kan indeholde kode. Gem tegningen som PNG.")
    if start.startswith(b"<"):
        return _(
            "Filen er en webside eller et andet tekstdokument, ikke et billede. "
            "Send et billede som JPEG, PNG eller WebP."
        )
    if data[4:8] == b"ftyp":
        if brand in (b"avif", b"avis"):
            return _("AVIF-billeder kan ikke bruges endnu. Gem billedet som JPEG, og send det igen.")
        if brand in (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"):
            return _(
                "HEIC-billeder kan ikke bruges. På iPhone: Vælg »Mest kompatibelt« under Indstillinger > "
                "Kamera > Formater, eller eksportér billedet som JPEG, og send det igen."
            )
        return _("Filen er en film. Send et billede som JPEG, PNG eller WebP.")
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _("GIF-billeder kan ikke bruges. Gem billedet som PNG eller JPEG, og send det igen.")
    if data.startswith((b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")):
        return _("TIFF- og RAW-billeder kan ikke bruges. Gem billedet som JPEG, og send det igen.")
    if data.startswith(b"BM"):
        return _("BMP-billeder kan ikke bruges. Gem billedet som PNG eller JPEG, og send det igen.")
    if data.startswith(b"%PDF-"):
        return _("Filen er en PDF. Gem billedet fra den som JPEG eller PNG, og send det.")
    return _("Filen er ikke et billede, vi kan læse. Send et billede som JPEG, PNG eller WebP.")


# --- pixels ---------------------------------------------------------------------------------------------


def _upright_srgb(container: Container) -> Image.Image:
    """Decode, scale down to what is stored, convert to sRGB and turn upright. Mode RGB or RGBA."""
    size = (container.width, container.height)
    scale = min(1.0, STORED_SIDE / max(size))
    target = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    with Image.open(io.BytesIO(container.essence), formats=[container.format]) as opened:
        if opened.size != size or opened.format != container.format:
            raise DamagedFileError("header and decoder disagree")
        opened.draft(None, target)  # a JPEG is decoded at a half, a quarter or an eighth where that is enough
        opened.load()
        profile = opened.info.get("icc_profile")
        image = _plain_mode(opened)
    if image.size != target:
        image = image.resize(target, Image.Resampling.LANCZOS, reducing_gap=3.0)
    image = _to_srgb(image, profile)
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    if container.orientation in _UPRIGHT:
        image = image.transpose(_UPRIGHT[container.orientation])
    return image


def _plain_mode(image: Image.Image) -> Image.Image:
    """Return the image as L, RGB, RGBA or CMYK, eight bits a channel."""
    if image.mode.startswith("I"):  # 16-bit grey, which a plain conversion would turn white
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        wanted = "RGBA"
    elif image.mode in ("1", "LA"):
        wanted = "L"
    else:
        wanted = image.mode if image.mode in ("L", "CMYK") else "RGB"
    return image if image.mode == wanted else image.convert(wanted)  # a needless copy is 100 MB


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to RGB or RGBA in sRGB; a profile that can't be used is taken as absent."""
    result_mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if source.profile.xcolor_space.strip() == {"L": "GRAY", "CMYK": "CMYK"}.get(image.mode, "RGB"):
                converted = ImageCms.profileToProfile(
                    image, source, ImageCms.createProfile("sRGB"), outputMode=result_mode
                )
                if converted is not None:
                    return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            logger.info("colour profile left unused", exc_info=True)
    return image.convert(result_mode)


def _encode(image: Image.Image, *, sharp_colours: bool) -> tuple[Format, bytes]:
    """Write the pixels anew: JPEG, or WebP where something is see-through.

    `sharp_colours` keeps full colour resolution for what came as PNG or WebP: screen pictures and drawings,
    whose thin red lines JPEG's usual halving smears.
    """
    if image.mode == "RGBA":
        return "WEBP", _save(image, "WEBP", quality=86, method=4)
    subsampling = 0 if sharp_colours else 2
    return "JPEG", _save(image, "JPEG", quality=82, progressive=True, optimize=True, subsampling=subsampling)


def _save(image: Image.Image, picture_format: Format, **options: Any) -> bytes:
    image.info = {}  # a profile or comment kept here would be written into the file
    out = io.BytesIO()
    image.save(out, picture_format, **options)
    return out.getvalue()
