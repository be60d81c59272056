"""Text that goes into one line: mail subjects, names in mail headers, file names in answers."""

import re
import unicodedata

_KEPT = 500


def one_line(text: str, *, max_length: int = _KEPT) -> str:
    """The text as one line: line ends and white space become a space, control characters and bidi overrides go away.

    Nothing that comes out can begin a header of its own. Letters of every language, and emoji, stay.
    """
    spaced = re.sub(r"\s+", " ", text or "")
    kept = "".join(
        c for c in spaced if c == "\u200d" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )
    return re.sub(r" +", " ", kept).strip()[:max_length].rstrip()
