"""Read the outside of a JPEG, PNG or WebP file without decoding a pixel.

Three things come of it. Width and height are known before a decoder may allocate anything. What follows
after the picture's own end is known, so a file that is two things at once shows itself. And the decoder is
handed a copy that holds the pixels and the colour profile only: it never meets EXIF, XMP, comments, text
chunks or previews, where most of the costly or hostile parsing lives.
"""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Format = Literal["JPEG", "PNG", "WEBP"]

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# A phone picture has tens of segments and a PNG some thousand chunks. More than this only costs time.
MAX_SEGMENTS = 5_000
MAX_CHUNKS = 50_000
# A CMYK press profile is 2–3 MB; anything bigger is not worth handing to the colour library.
MAX_ICC_BYTES = 4 * 1024 * 1024


class DamagedFileError(Exception):
    """The file starts like a picture but its structure doesn't hold (cut short, wrong lengths)."""


@dataclass(frozen=True, slots=True)
class Container:
    """What the outside of a picture file tells.

    ``essence`` is the file with everything but pixels and colour removed. ``end`` is where the picture ends
    in the original bytes. ``scans`` counts the passes a JPEG decoder must make. ``orientation`` is EXIF's,
    1 when absent or senseless.
    """

    format: Format
    width: int
    height: int
    essence: bytes
    end: int
    orientation: int = 1
    scans: int = 1
    animated: bool = False


def read_container(data: bytes) -> Container | None:
    """Return what the file's outside says, or None when it is none of the three formats.

    Raises DamagedFileError when it begins as one of them and doesn't hold together.
    """
    reader: Callable[[bytes], Container]
    if data.startswith(b"\xff\xd8\xff"):
        reader = _read_jpeg
    elif data.startswith(PNG_SIGNATURE):
        reader = _read_png
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        reader = _read_webp
    else:
        return None
    try:
        return reader(data)
    except (struct.error, IndexError) as error:
        raise DamagedFileError("cut short") from error


def exif_orientation(exif: bytes) -> int:
    """Return the orientation (1–8) an EXIF block states, 1 when there is none or the block is broken.

    Our own dozen lines, because a general EXIF reader follows every offset a hostile file gives it.
    """
    exif = exif.removeprefix(b"Exif\x00\x00")
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    try:
        (directory,) = struct.unpack_from(order + "I", exif, 4)
        (entries,) = struct.unpack_from(order + "H", exif, directory)
        for index in range(min(entries, 500)):
            tag, kind, _count, value = struct.unpack_from(order + "HHIH", exif, directory + 2 + 12 * index)
            if tag == 0x0112:
                return int(value) if kind == 3 and 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


# --- JPEG ---------------------------------------------------------------------------------------------

_START_OF_FRAME = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
# Within a scan a 0xFF is followed by 0x00 (stuffing), a restart mark or more 0xFF; anything else is a marker.
_MARKER_IN_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


def _read_jpeg(data: bytes) -> Container:
    size: tuple[int, int] | None = None
    orientation, scans, icc_bytes, position = 0, 0, 0, 2
    kept = [b"\xff\xd8"]
    for _segment in range(MAX_SEGMENTS):
        if data[position] != 0xFF:
            raise DamagedFileError("no marker where one must stand")
        while data[position + 1] == 0xFF:  # fill bytes
            position += 1
        marker = data[position + 1]
        if marker == 0xD9:
            if size is None or not scans:
                raise DamagedFileError("no picture before the end")
            kept.append(b"\xff\xd9")
            return Container(
                "JPEG", *size, b"".join(kept), position + 2, orientation=orientation or 1, scans=scans
            )
        (length,) = struct.unpack_from(">H", data, position + 2)
        after = position + 2 + length
        if length < 2 or after > len(data):
            raise DamagedFileError("segment longer than the file")
        body = data[position + 4 : after]
        if marker in _START_OF_FRAME:
            if size is not None:
                raise DamagedFileError("two frames")
            precision, height, width, components = struct.unpack_from(">BHHB", body)
            if precision != 8 or components not in (1, 3, 4):
                raise DamagedFileError("unusual precision or number of channels")
            size = (width, height)
        elif marker == 0xDA:
            scans += 1
            following = _MARKER_IN_SCAN.search(data, after)
            if following is None:
                raise DamagedFileError("scan without an end")
            after = following.start()
        elif marker == 0xE1 and body.startswith(b"Exif\x00\x00"):
            orientation = orientation or exif_orientation(body)
        elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\x00"):
            icc_bytes += len(body)
        if _jpeg_keeps(marker, body, icc_bytes):
            kept.append(data[position:after])
        position = after
    raise DamagedFileError("too many segments")


def _jpeg_keeps(marker: int, body: bytes, icc_bytes: int) -> bool:
    """Tables, frame and scans stay; of the application segments only what the colours need."""
    if marker == 0xE0:
        return body.startswith(b"JFIF\x00")
    if marker == 0xE2:
        return body.startswith(b"ICC_PROFILE\x00") and icc_bytes <= MAX_ICC_BYTES
    if marker == 0xEE:
        return body.startswith(b"Adobe")
    return not (0xE0 <= marker <= 0xEF or marker >= 0xF0)


# --- PNG ----------------------------------------------------------------------------------------------

_PNG_KEEPS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"iCCP", b"sRGB", b"gAMA", b"cHRM"})


def _read_png(data: bytes) -> Container:
    if data[12:16] != b"IHDR":
        raise DamagedFileError("no header")
    width, height = struct.unpack_from(">II", data, 16)
    orientation, animated, position = 0, False, len(PNG_SIGNATURE)
    kept, seen = [PNG_SIGNATURE], set[bytes]()
    for _chunk in range(MAX_CHUNKS):
        (length,) = struct.unpack_from(">I", data, position)
        kind = data[position + 4 : position + 8]
        after = position + 12 + length
        if after > len(data):
            raise DamagedFileError("chunk longer than the file")
        if kind == b"eXIf":
            orientation = orientation or exif_orientation(data[position + 8 : after - 4])
        animated = animated or kind == b"acTL"
        if kind in _PNG_KEEPS and (kind == b"IDAT" or kind not in seen):
            kept.append(data[position:after])
        seen.add(kind)
        position = after
        if kind == b"IEND":
            if b"IDAT" not in seen:
                raise DamagedFileError("no pixels")
            return Container(
                "PNG", width, height, b"".join(kept), after, orientation=orientation or 1, animated=animated
            )
    raise DamagedFileError("too many chunks")


# --- WebP ---------------------------------------------------------------------------------------------

_WEBP_KEEPS = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP"})


def _read_webp(data: bytes) -> Container:
    (riff_length,) = struct.unpack_from("<I", data, 4)
    end = 8 + riff_length
    if end > len(data):
        raise DamagedFileError("shorter than it says")
    canvas: tuple[int, int] | None = None
    size: tuple[int, int] | None = None
    orientation, animated, position = 0, False, 12
    kept, seen = [b"WEBP"], set[bytes]()
    while position < end:
        kind = data[position : position + 4]
        (length,) = struct.unpack_from("<I", data, position + 4)
        after = position + 8 + length + (length & 1)
        if position + 8 + length > end or len(kept) > MAX_SEGMENTS:
            raise DamagedFileError("chunk longer than the file")
        body = data[position + 8 : position + 8 + length]
        chunk = data[position:after]
        if kind == b"VP8X":
            flags = body[0]
            animated = bool(flags & 0x02)
            canvas = (int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1)
            # Only the bits for profile and alpha stay true in the copy.
            chunk = chunk[:8] + bytes([flags & 0x30]) + chunk[9:]
        elif kind in (b"VP8 ", b"VP8L") and size is None:
            size = _webp_frame_size(kind, body)
        elif kind == b"EXIF":
            orientation = orientation or exif_orientation(body)
        animated = animated or kind in (b"ANIM", b"ANMF")
        if kind in _WEBP_KEEPS and kind not in seen and not (kind == b"ICCP" and length > MAX_ICC_BYTES):
            kept.append(chunk)
        seen.add(kind)
        position = after
    shown = canvas or size
    if shown is None or (size is None and not animated) or (size is not None and size != shown):
        raise DamagedFileError("no frame, or a frame of another size")
    inside = b"".join(kept)
    essence = b"RIFF" + struct.pack("<I", len(inside)) + inside
    return Container("WEBP", *shown, essence, end, orientation=orientation or 1, animated=animated)


def _webp_frame_size(kind: bytes, body: bytes) -> tuple[int, int]:
    if kind == b"VP8L":
        if body[0] != 0x2F:
            raise DamagedFileError("not a lossless frame")
        (bits,) = struct.unpack_from("<I", body, 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if body[3:6] != b"\x9d\x01\x2a":
        raise DamagedFileError("not a key frame")
    width, height = struct.unpack_from("<HH", body, 6)
    return width & 0x3FFF, height & 0x3FFF
