"""Addresses made from Danish titles: ASCII, unique for ever, never a word that the site uses itself."""

import re
import unicodedata

DANISH = str.maketrans(
    {
        "æ": "ae",
        "ø": "oe",
        "å": "aa",
        "Æ": "ae",
        "Ø": "oe",
        "Å": "aa",
        "ö": "oe",
        "ä": "ae",
        "ü": "ue",
        "ß": "ss",
    }
)

RESERVED = frozenset(
    {
        "admin", "eksport", "emner", "fagomraader", "feed", "foreslaa", "forslag", "fortael", "genbrug", "historier",
        "idestorme", "indlejr", "katalog", "konto", "kort", "kvittering", "ny", "om", "praktik", "ret", "samlinger",
        "soeg", "tilfoej", "tip", "arbejdspladser", "projekter", "enheder", "pladser", "ophold", "ideer", "resultater",
        "kommentarer", "stoette", "besked",
    }
)  # fmt: skip
"""Words that stand in the site's own addresses and so may not be a slug."""
UUID_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_reserved(slug: str) -> bool:
    """Whether `slug` would stand in the way of an address of the site: one of its words, or what looks like a uuid."""
    return slug in RESERVED or UUID_FORM.fullmatch(slug) is not None


def danish_slug(text: str, *, max_length: int = 80) -> str:
    """`text` as a slug: æ→ae, ø→oe, å→aa, other accents dropped, cut at a word; "" when nothing is left."""
    text = unicodedata.normalize("NFC", text).translate(DANISH)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    slug = re.sub(r"[^a-z0-9]+", "-", text).strip("-")
    if len(slug) > max_length:
        cut = slug[: max_length + 1].rsplit("-", 1)[0] if "-" in slug[: max_length + 1] else slug[:max_length]
        slug = cut[:max_length].strip("-")
    return slug


def candidates(title: str, *, fallback: str) -> list[str]:
    """Slugs to try for `title`, best first; `fallback` when the title has no letter or digit."""
    base = danish_slug(title) or fallback
    if is_reserved(base):
        base = f"{base}-{fallback}"
    return [base, *(f"{base}-{n}" for n in range(2, 100))]
