"""Honest pictures: what comes out is upright, in sRGB, bounded, and holds nothing but pixels."""

import io
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from guards.pictures import clean_picture, safe_display_name, variants
from guards.pictures.containers import exif_orientation, read_container

from .samples import encoded, exif_with_gps, opened, photo, png, png_chunk, quarters, with_segment


def cleaned(data: bytes, **options: int) -> Image.Image:
    return opened(clean_picture(io.BytesIO(data), **options).data)


def near(found: object, wanted: tuple[int, ...], slack: int = 12) -> bool:
    assert isinstance(found, tuple) and len(found) == len(wanted)
    return all(abs(a - b) <= slack for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize(
    ("sent", "kept"), [("JPEG", "JPEG"), ("PNG", "JPEG"), ("WEBP", "JPEG")], ids=["jpeg", "png", "webp"]
)
def test_opaque_pictures_become_progressive_jpeg(sent: str, kept: str) -> None:
    clean = clean_picture(io.BytesIO(encoded(photo(), sent)))
    image = opened(clean.data)
    assert (clean.format, clean.extension, clean.content_type) == (kept, "jpg", "image/jpeg")
    assert (clean.width, clean.height) == image.size == (640, 480)
    assert image.info.get("progressive") == 1
    assert near(image.getpixel((320, 240)), photo().getpixel((320, 240)))  # type: ignore[arg-type]


@pytest.mark.parametrize("sent", ["PNG", "WEBP"])
def test_transparency_is_kept(sent: str) -> None:
    image = quarters().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    clean = clean_picture(io.BytesIO(encoded(image, sent)))
    result = opened(clean.data)
    assert (clean.format, clean.extension, result.mode) == ("WEBP", "webp", "RGBA")
    assert result.getchannel("A").tobytes() == image.getchannel("A").tobytes()


def test_alpha_channel_without_transparency_is_dropped() -> None:
    assert clean_picture(io.BytesIO(encoded(photo().convert("RGBA"), "PNG"))).format == "JPEG"


def test_palette_with_transparency() -> None:
    palette = quarters().quantize(4)
    red = palette.getpixel((0, 0))
    result = cleaned(encoded(palette, "PNG", transparency=red))
    assert result.mode == "RGBA"
    assert result.getpixel((5, 5))[3] == 0  # type: ignore[index]
    assert near(result.getpixel((90, 60)), (255, 255, 0, 255), slack=30)


def test_grey_16_bit_keeps_its_tones() -> None:
    image = Image.linear_gradient("L").convert("I").point(lambda value: value * 256).convert("I;16")
    result = cleaned(encoded(image, "PNG"))
    assert near(result.getpixel((128, 20)), (20, 20, 20))
    assert near(result.getpixel((128, 200)), (200, 200, 200))


def test_colour_16_bit() -> None:
    row = b"\x00" + b"\xc8\x11\x40\x22\x20\x33" * 16
    assert near(cleaned(png(16, 16, depth=16, body=zlib.compress(row * 16))).getpixel((8, 8)), (200, 64, 32))


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_grey_modes(mode: str) -> None:
    assert cleaned(encoded(photo().convert("L").convert(mode), "PNG")).mode == "RGB"


def test_cmyk_jpeg_becomes_rgb() -> None:
    result = cleaned(encoded(quarters().convert("CMYK"), "JPEG", quality=95))
    assert result.mode == "RGB"
    assert near(result.getpixel((80, 10)), (0, 255, 0), slack=30)


def test_colour_profile_is_applied_and_removed() -> None:
    """In a profile whose red and green have changed places, what is stored as red means green."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"tmp!").replace(b"gXYZ", b"rXYZ").replace(b"tmp!", b"gXYZ")
    result = cleaned(encoded(quarters(), "JPEG", icc_profile=swapped, quality=95))
    assert "icc_profile" not in result.info
    assert near(result.getpixel((10, 10)), (0, 255, 0), slack=30)
    assert near(result.getpixel((10, 60)), (0, 0, 255), slack=30)


@pytest.mark.parametrize("profile", [b"nonsense", b"\x00" * 5_000], ids=["text", "zeros"])
def test_broken_colour_profile_is_ignored(profile: bytes) -> None:
    assert cleaned(encoded(photo(), "JPEG", icc_profile=profile)).size == (640, 480)


@pytest.mark.parametrize("picture_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(picture_format: str, orientation: int) -> None:
    """EXIF says how to turn the pixels; undo the turn first, then expect the picture as it was seen."""
    seen = quarters()
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = seen.transpose(undo[orientation]) if orientation in undo else seen
    options = {"quality": 95} if picture_format != "PNG" else {}
    result = cleaned(encoded(stored, picture_format, exif=exif_with_gps(orientation), **options))
    assert result.size == seen.size
    for x in (12, 84):
        for y in (8, 56):
            assert near(result.getpixel((x, y)), seen.getpixel((x, y)), slack=40)  # type: ignore[arg-type]


@pytest.mark.parametrize("picture_format", ["JPEG", "PNG", "WEBP"])
def test_no_metadata_survives(picture_format: str) -> None:
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Hemmelig Telefon</x:xmpmeta>"
    options = {} if picture_format == "PNG" else {"xmp": xmp}
    data = encoded(photo(), picture_format, exif=exif_with_gps(), **options)
    if picture_format == "JPEG":
        data = with_segment(data, 0xFE, b"Hemmelig Telefon")
    if picture_format == "PNG":
        data = data[:33] + png_chunk(b"tEXt", b"Comment\x00Hemmelig Telefon") + data[33:]
    assert b"Hemmelig" in data
    clean = clean_picture(io.BytesIO(data))
    for stored in [clean.data, *variants(clean).values()]:
        image = opened(stored)
        assert b"Hemmelig" not in stored and b"Exif" not in stored and b"EXIF" not in stored
        assert not image.getexif()
        assert not {"xmp", "comment", "icc_profile", "exif"} & set(image.info)


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        (exif_with_gps(6).tobytes(), 6),
        (b"", 1),
        (b"Exif\x00\x00II*\x00\xff\xff\xff\xff", 1),
        (b"MM\x00*\x00\x00\x00\x08\xff\xff", 1),
        (b"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x63\x00\x00", 1),
        (b"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x08\x00\x00", 8),
    ],
    ids=["ok", "empty", "far-offset", "cut", "value-99", "big-endian"],
)
def test_exif_orientation(block: bytes, wanted: int) -> None:
    assert exif_orientation(block) == wanted


def test_large_picture_is_scaled_down() -> None:
    clean = clean_picture(io.BytesIO(encoded(photo(6000, 4000))))
    assert (clean.width, clean.height) == opened(clean.data).size == (2400, 1600)


def test_large_png_is_scaled_down_and_turned() -> None:
    clean = clean_picture(io.BytesIO(encoded(photo(3000, 1000), "PNG", exif=exif_with_gps(6))))
    assert (clean.width, clean.height) == (800, 2400)


@pytest.mark.parametrize(
    ("size", "widths"),
    [((2000, 1000), [400, 800, 1600]), ((1000, 500), [400, 800]), ((400, 300), [400]), ((399, 300), [])],
)
def test_variants_are_webp_and_never_larger(size: tuple[int, int], widths: list[int]) -> None:
    made = variants(clean_picture(io.BytesIO(encoded(photo(*size)))))
    assert list(made) == widths
    for width, data in made.items():
        image = opened(data)
        assert (image.format, image.width) == ("WEBP", width)
        assert image.height == round(size[1] * width / size[0])


def test_same_upload_gives_same_bytes() -> None:
    data = encoded(photo())
    first, second = clean_picture(io.BytesIO(data)), clean_picture(io.BytesIO(data))
    assert first == second
    assert variants(first) == variants(second)


def test_bytes_after_a_phone_picture_are_dropped() -> None:
    """Motion photos and depth maps hang a film or a second picture on the first."""
    film = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40
    clean = clean_picture(io.BytesIO(encoded(photo()) + film))
    assert b"ftypmp42" not in clean.data


def test_multi_picture_file_gives_its_first_picture() -> None:
    data = encoded(photo(), "MPO", save_all=True, append_images=[quarters()])
    assert clean_picture(io.BytesIO(data)).width == 640


def test_decoder_gets_pixels_only() -> None:
    container = read_container(encoded(photo(), exif=exif_with_gps(6), comment=b"hej") + b"hale")
    assert container is not None
    assert container.orientation == 6
    assert not any(part in container.essence for part in (b"Exif", b"hej", b"hale"))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("sommer.jpg", "sommer.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\billede.png", "billede.png"),
        ("ondt\u202egpj.exe", "ondtgpj.exe"),
        ("linje\r\nskift\x00.jpg", "linjeskift.jpg"),
        ("a\u030arhus.jpg", "århus.jpg"),
        ("  .. ", "billede"),
        ("", "billede"),
        ("\u200b\u200b", "billede"),
        ("<script>alert(1)</script>.jpg", "script>.jpg"),
        ("x" * 10_000 + ".jpeg", "x" * 74 + "….jpeg"),
        ("x" * 79 + ".d" + "y" * 500, "x" * 79 + "…"),
    ],
)
def test_safe_display_name(name: str, shown: str) -> None:
    assert safe_display_name(name) == shown
    assert len(safe_display_name(name)) <= 80


def test_display_name_comes_from_the_upload(tmp_path: Path) -> None:
    path = tmp_path / "møde i juni.jpg"
    path.write_bytes(encoded(photo()))
    with path.open("rb") as file:
        assert clean_picture(file).display_name == "møde i juni.jpg"
