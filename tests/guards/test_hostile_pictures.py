"""Hostile files: each is refused with its own sentence, and at once."""

import io
import time
import zlib
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from guards.pictures import PictureError, clean_picture
from guards.pictures.cleaning import MAX_BYTES

from .samples import (
    deflated_zeros,
    encoded,
    exif_with_gps,
    photo,
    png,
    png_chunk,
    quarters,
    webp_header,
    with_repeated_scans,
    with_segment,
    with_size,
)

JPEG = encoded(photo())
PNG = encoded(photo(), "PNG")
WEBP = encoded(photo(), "WEBP")
ZIP = b"PK\x03\x04" + bytes(26) + b"Evil.class" + b"PK\x01\x02" + bytes(42) + b"PK\x05\x06" + bytes(18)
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def animation(picture_format: str) -> bytes:
    return encoded(quarters(), picture_format, save_all=True, append_images=[photo(96, 64)], duration=100)


def heif(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x18ftyp" + brand + bytes(60)


# name of the case: (how the file is made, its name, the expected code, a part of the sentence)
CASES: dict[str, tuple[Callable[[], bytes], str, str, str]] = {
    "zero-bytes": (lambda: b"", "a.jpg", "empty", "tom"),
    "too-many-bytes": (lambda: JPEG + bytes(MAX_BYTES), "a.jpg", "too_many_bytes", "10 MB"),
    "text": (lambda: b"hej " * 100, "a.jpg", "not_a_picture", "ikke et billede"),
    "html": (
        lambda: b"\xef\xbb\xbf \n<!DOCTYPE html><script>1</script>",
        "a.jpg",
        "not_a_picture",
        "webside",
    ),
    "svg": (lambda: SVG, "a.svg", "not_a_picture", "SVG"),
    "svg-as-png": (lambda: SVG, "a.png", "not_a_picture", "PNG"),
    "gif": (lambda: encoded(quarters(), "GIF"), "a.gif", "not_a_picture", "GIF"),
    "gifar": (lambda: encoded(quarters(), "GIF") + ZIP, "a.jpg", "not_a_picture", "GIF"),
    "bmp": (lambda: encoded(quarters(), "BMP"), "a.bmp", "not_a_picture", "BMP"),
    "tiff": (lambda: encoded(quarters(), "TIFF"), "a.tif", "not_a_picture", "TIFF"),
    "heic": (lambda: heif(b"heic"), "IMG_1.HEIC", "not_a_picture", "iPhone"),
    "heic-as-jpg": (lambda: heif(b"mif1"), "IMG_1.jpg", "not_a_picture", "iPhone"),
    "avif": (lambda: heif(b"avif"), "a.avif", "not_a_picture", "AVIF"),
    "film": (lambda: heif(b"mp42"), "a.mp4", "not_a_picture", "film"),
    "pdf": (lambda: b"%PDF-1.7\n" + bytes(99), "a.pdf", "not_a_picture", "PDF"),
    "zip": (lambda: ZIP, "a.png", "not_a_picture", "ikke et billede"),
    "jpeg-as-png": (lambda: JPEG, "a.png", "wrong_extension", "».jpg«"),
    "png-as-jpg": (lambda: PNG, "a.JPG", "wrong_extension", "PNG-billede"),
    "webp-as-html": (lambda: WEBP, "a.webp.html", "wrong_extension", "».html«"),
    "jpeg-as-exe": (lambda: JPEG, "ferie.jpg.exe", "wrong_extension", "».exe«"),
    "jpeg-with-html": (lambda: JPEG + b"<html><body>", "a.jpg", "second_file", "webside"),
    "jpeg-with-script-comment": (
        lambda: with_segment(JPEG, 0xFE, b"*/=alert(1)/*<SCRIPT>x</SCRIPT>"),
        "a.jpg",
        "second_file",
        "gem det på ny",
    ),
    "jpeg-with-php": (lambda: with_segment(JPEG, 0xE1, b"<?php system(1);"), "a.jpg", "second_file", "ny"),
    "jpeg-with-zip": (lambda: JPEG + ZIP, "a.jpg", "second_file", "arkiv"),
    "png-with-zip": (lambda: PNG + ZIP, "a.png", "second_file", "arkiv"),
    "webp-with-zip": (lambda: WEBP + ZIP, "a.webp", "second_file", "arkiv"),
    "png-with-pdf": (lambda: PNG + b"%PDF-1.4", "a.png", "second_file", "arkiv"),
    "pdf-in-jpeg-comment": (lambda: with_segment(JPEG, 0xFE, b"%PDF-1.4 obj"), "a.jpg", "second_file", "ny"),
    "png-with-svg-text": (
        lambda: PNG[:33] + png_chunk(b"tEXt", b"x\x00<svg onload=alert(1)>") + PNG[33:],
        "a.png",
        "second_file",
        "webside",
    ),
    "png-huge-header": (lambda: png(100_000, 100_000, body=b""), "a.png", "too_many_pixels", "100000"),
    "png-largest-header": (lambda: png(2**31 - 1, 2**31 - 1, body=b""), "a.png", "too_many_pixels", "mindre"),
    "png-bomb": (
        lambda: png(20_000, 20_000, depth=1, colour=0, body=deflated_zeros(20_000 * 2_501)),
        "a.png",
        "too_many_pixels",
        "2.400 pixel",
    ),
    "png-narrow": (lambda: png(12_001, 8, body=b""), "a.png", "too_many_pixels", "12001"),
    "jpeg-huge-header": (lambda: with_size(JPEG, 65_500, 65_500), "a.jpg", "too_many_pixels", "65500"),
    "jpeg-endless-scans": (
        lambda: with_repeated_scans(encoded(Image.new("RGB", (4000, 2000)), progressive=True), 100),
        "a.jpg",
        "too_many_pixels",
        "for stort",
    ),
    "webp-huge-header": (lambda: webp_header(16_383, 16_383), "a.webp", "too_many_pixels", "16383"),
    "tracking-pixel": (lambda: encoded(photo(1, 1), "PNG"), "a.png", "too_small", "1 × 1"),
    "zero-size": (lambda: with_size(JPEG, 640, 0), "a.jpg", "too_small", "640 × 0"),
    "animated-png": (lambda: animation("PNG"), "a.png", "animated", "bevæger sig"),
    "animated-webp": (lambda: animation("WEBP"), "a.webp", "animated", "bevæger sig"),
    "cut-jpeg": (lambda: JPEG[: len(JPEG) // 2], "a.jpg", "damaged", "beskadiget"),
    "cut-png": (lambda: PNG[: len(PNG) // 2], "a.png", "damaged", "beskadiget"),
    "cut-webp": (lambda: WEBP[: len(WEBP) // 2], "a.webp", "damaged", "beskadiget"),
    "jpeg-magic-only": (lambda: b"\xff\xd8\xff", "a.jpg", "damaged", "beskadiget"),
    "png-magic-only": (lambda: PNG[:8], "a.png", "damaged", "beskadiget"),
    "webp-magic-only": (lambda: b"RIFF\x04\x00\x00\x00WEBP", "a.webp", "damaged", "beskadiget"),
    "webp-without-pixels": (lambda: webp_header(640, 480), "a.webp", "damaged", "beskadiget"),
    "png-without-pixels": (lambda: png(640, 480, body=zlib.compress(b"")), "a.png", "damaged", "beskadiget"),
    "png-bad-checksum": (lambda: PNG[:30] + b"\x00\x00\x00" + PNG[33:], "a.png", "damaged", "beskadiget"),
    "png-endless-chunks": (
        lambda: png(640, 480, body=b"", extra=png_chunk(b"teXt", b"") * 800_000),
        "a.png",
        "damaged",
        "beskadiget",
    ),
    "jpeg-endless-segments": (
        lambda: JPEG[:2] + b"\xff\xfe\x00\x02" * 2_500_000 + JPEG[2:],
        "a.jpg",
        "damaged",
        "beskadiget",
    ),
    "jpeg-two-frames": (
        lambda: JPEG[:-2] + JPEG[JPEG.find(b"\xff\xc0") :],
        "a.jpg",
        "damaged",
        "beskadiget",
    ),
    "direction-mark-in-name": (lambda: JPEG, "ferie\u202egpj.jpg", "hidden_characters", "skjulte tegn"),
    "control-in-name": (lambda: JPEG, "ferie\x00.php.jpg", "hidden_characters", "skjulte tegn"),
}


@pytest.mark.parametrize("case", CASES)
def test_hostile_file_is_refused_at_once(case: str) -> None:
    make, name, code, part = CASES[case]
    upload = SimpleUploadedFile("a", make())
    upload._name = name  # type: ignore[attr-defined]  # past Django's own tidying of names
    started = time.process_time()
    with pytest.raises(PictureError) as refused:
        clean_picture(upload)
    assert time.process_time() - started < 1
    assert refused.value.code == code
    assert part in refused.value.messages[0]


def test_size_is_judged_before_reading() -> None:
    class Endless(io.RawIOBase):
        asked = 0

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            Endless.asked += size
            return b"\xff" * size

    with pytest.raises(PictureError, match="fylder mere end"):
        clean_picture(Endless())  # type: ignore[arg-type]
    assert Endless.asked == MAX_BYTES + 1


@pytest.mark.parametrize(
    "name", ["foto", "Sommermøde 3.5.2024", "../../x.jpg", "a.php.jpg", "x" * 9_999 + ".jpg"]
)
def test_odd_but_harmless_names_are_accepted(name: str) -> None:
    upload = SimpleUploadedFile("a", JPEG)
    upload._name = name  # type: ignore[attr-defined]
    assert clean_picture(upload).width == 640


def test_own_limits_can_be_given() -> None:
    with pytest.raises(PictureError, match="640 × 480"):
        clean_picture(io.BytesIO(JPEG), max_pixels=300_000)
    with pytest.raises(PictureError, match="fylder mere end"):
        clean_picture(io.BytesIO(JPEG), max_bytes=1_000)


def test_text_bomb_in_png_never_reaches_the_decoder() -> None:
    bomb = png_chunk(b"zTXt", b"x\x00\x00" + deflated_zeros(50_000_000)) * 20
    clean = clean_picture(io.BytesIO(PNG[:33] + bomb + PNG[33:]))
    assert clean.width == 640


def test_exif_that_points_everywhere_is_harmless() -> None:
    entries = (b"\x87\x69\x00\x07\x00\x9f\xff\xff\x00\x00\x00\x08") * 65_535
    block = b"MM\x00*\x00\x00\x00\x08\xff\xff" + entries + bytes(9_000_000)
    started = time.process_time()
    clean_picture(io.BytesIO(PNG[:33] + png_chunk(b"eXIf", block) + PNG[33:]))
    assert time.process_time() - started < 1


@settings(max_examples=150, deadline=None)
@given(
    sample=st.sampled_from([encoded(quarters(), f, exif=exif_with_gps(6)) for f in ("JPEG", "PNG", "WEBP")]),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8
    ),
)
def test_damage_anywhere_gives_a_picture_or_a_sentence(
    sample: bytes, changes: list[tuple[float, int]]
) -> None:
    data = bytearray(sample)
    for place, value in changes:
        data[int(place * len(data))] = value
    try:
        clean = clean_picture(io.BytesIO(bytes(data)))
    except PictureError as refused:
        assert refused.messages[0].endswith(".")
    else:
        with Image.open(io.BytesIO(clean.data)) as image:
            assert image.format in ("JPEG", "WEBP")
