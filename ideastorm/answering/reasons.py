"""Reasons to begin from when many ideas are answered alike. What stands in [brackets] must be written by whoever
answers: a reason that would fit any idea is none."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from ideastorm.choices import AnswerStatus

TEMPLATES: dict[str, Any] = {
    AnswerStatus.TAKEN_FURTHER: _(
        "Vi går videre med ideen, fordi [hvad der talte for den]. Det næste, der sker, er [hvad og hvornår]. "
        "Ansvarlig er [hvem]."
    ),
    AnswerStatus.PARTLY: _(
        "Vi går videre med [hvilken del], fordi [hvorfor netop den]. Resten lader vi ligge, fordi [hvorfor]."
    ),
    AnswerStatus.EXISTS: _("Det findes allerede: [hvor og hvordan]. Du kan bruge det ved at [hvordan]."),
    AnswerStatus.SENT_ON: _(
        "Vi bestemmer ikke selv over det her. Det gør [hvem], og vi har bedt dem om [hvad]."
    ),
    AnswerStatus.NOT_NOW: _(
        "Vi går ikke videre med ideen nu, fordi [hvad der stod i vejen]. Vi ser på den igen, hvis [hvad der skal til]."
    ),
    AnswerStatus.OUTSIDE: _(
        "Vi spurgte om [emnet]. Ideen handler om [hvad], og derfor [hvad du kan gøre i stedet]."
    ),
}
_GAP = re.compile(r"\[[^\[\]\n]*\](?!\()")
"""A place to be filled; not the text of a Markdown link."""
_OTHER = re.compile(r"[\W_]+")


def _bare(text: str) -> str:
    """The words alone, so that a comma or a capital makes nothing specific."""
    return _OTHER.sub(" ", text.casefold()).strip()


def is_unspecific(reason: str) -> bool:
    """Whether a reason is a template as it stands: a place is not filled, or the places are simply left out."""
    if _GAP.search(reason):
        return True
    texts = [str(text) for text in TEMPLATES.values()]
    bare = {_bare(text) for text in texts} | {_bare(_GAP.sub("", text)) for text in texts}
    return _bare(reason) in bare
