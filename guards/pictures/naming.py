"""File names from strangers: judged and shown, never used to store anything."""

import re
import unicodedata
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

# Marks that turn the reading direction around, so that »fdp.exe« can be shown as »exe.pdf«.
_DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_EXTENSION = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,9})$")
_UNSHOWABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def has_hidden_characters(filename: str) -> bool:
    """Tell whether a name holds control characters or marks that make it read as another name."""
    return bool(_CONTROL.search(filename) or _DIRECTION_MARKS.search(filename))


def file_extension(filename: str) -> str:
    """Return the extension in lower case without its dot, or an empty string.

    Only what looks like a file type counts: the »2024« of »Sommermøde 3.5.2024« is a year.
    """
    found = _EXTENSION.search(filename[-40:].strip())
    return found[1].lower() if found else ""


def safe_display_name(filename: str, *, max_length: int = 80) -> str:
    """Return a client's file name fit to be shown (still to be escaped as any text).

    No path, no control or direction characters, one line, at most `max_length` characters with the
    extension kept. Any input gives a name; what leaves nothing behind is shown as »billede«.
    """
    if len(filename) > 2_000:  # enough to show, and bounded work whatever is sent
        filename = filename[:1_000] + filename[-1_000:]
    last_part = re.split(r"[/\\]", filename)[-1]
    shown = "".join(
        char for char in last_part if unicodedata.category(char) not in _UNSHOWABLE or char == "\t"
    )
    shown = " ".join(unicodedata.normalize("NFC", shown).split()).strip(". ")
    if len(shown) > max_length:
        suffix = PurePosixPath(shown).suffix
        suffix = suffix if len(suffix) <= 10 else ""
        shown = shown[: max_length - 1 - len(suffix)].rstrip() + "…" + suffix
    return shown or _("billede")
