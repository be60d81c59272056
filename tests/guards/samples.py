"""Picture files for the tests, honest and hostile, built byte by byte where no library would make them."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def encoded(image: Image.Image, picture_format: str = "JPEG", **options: Any) -> bytes:
    """Return an image as the bytes of a file."""
    out = io.BytesIO()
    image.save(out, picture_format, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    """Return the bytes of a file as a loaded image."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def photo(width: int = 640, height: int = 480) -> Image.Image:
    """Return a picture with some colour in it."""
    red = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (red, red.transpose(Image.Transpose.ROTATE_180), Image.new("L", red.size, 90)))


def quarters(size: tuple[int, int] = (96, 64)) -> Image.Image:
    """Return red, green, blue and yellow quarters, so that every turn and mirroring is seen."""
    width, height = size
    image = Image.new("RGB", size, (255, 0, 0))
    image.paste((0, 255, 0), (width // 2, 0, width, height // 2))
    image.paste((0, 0, 255), (0, height // 2, width // 2, height))
    image.paste((255, 255, 0), (width // 2, height // 2, width, height))
    return image


def exif_with_gps(orientation: int = 1) -> Image.Exif:
    """Return EXIF as a phone writes it: orientation, maker and a position."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Hemmelig Telefon"
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 40.0, 34.0), 3: "E", 4: (12.0, 34.0, 6.0)})
    return exif


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """Return one PNG chunk with a right checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    width: int, height: int, *, body: bytes, depth: int = 8, colour: int = 2, extra: bytes = b""
) -> bytes:
    """Return a PNG that says what it is told to say and holds `body` as its compressed pixels."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        PNG_SIGNATURE
        + png_chunk(b"IHDR", header)
        + extra
        + png_chunk(b"IDAT", body)
        + png_chunk(b"IEND", b"")
    )


def deflated_zeros(count: int) -> bytes:
    """Return `count` zero bytes, compressed, without ever holding them."""
    packer, piece, out = zlib.compressobj(9), bytes(1_000_000), bytearray()
    for _part in range(count // len(piece)):
        out += packer.compress(piece)
    out += packer.compress(bytes(count % len(piece))) + packer.flush()
    return bytes(out)


def webp_header(width: int, height: int) -> bytes:
    """Return a WebP that announces a canvas and holds a small lossless frame of that size without pixels."""
    bits = (width - 1) | (height - 1) << 14
    frame = b"\x2f" + struct.pack("<I", bits) + b"\x00" * 5
    chunk = b"VP8L" + struct.pack("<I", len(frame)) + frame
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def with_size(jpeg: bytes, width: int, height: int) -> bytes:
    """Return a JPEG whose frame header claims another size."""
    at = max(jpeg.find(b"\xff\xc0"), jpeg.find(b"\xff\xc2"))
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    """Return a JPEG with one more segment at its start."""
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def with_repeated_scans(progressive: bytes, times: int) -> bytes:
    """Return a progressive JPEG whose last scan is repeated: small in bytes, endless to decode."""
    at = progressive.rfind(b"\xff\xda")
    return progressive[:-2] + progressive[at:-2] * times + b"\xff\xd9"
