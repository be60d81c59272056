"""Storing a step: what is right becomes parts, what is not is kept as typed, and nobody overwrites the unseen."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from editorial.proposals.fields import form_name
from editorial.proposals.forms import CONTACT, Page, Raw, typed
from editorial.proposals.kinds import Step
from editorial.proposals.rows import PICTURES, SORTS
from editorial.proposals.work import KEPT, Work
from guards.pictures import SafePictureField, store_picture


@dataclass
class Saved:
    """What came of it. `page` is the step as it was sent; `clash`, that somebody had written in it meanwhile."""

    page: Page
    stored: bool = False
    clash: bool = False


def raw_of(step: Step, post: QueryDict) -> Raw:
    """The step's own fields of what was sent, and no others; without characters that can't be stored."""
    names = (
        {form_name(part) for part in step.names}
        | {*step.questions}
        | ({*CONTACT} if "contact" in step.names else set())
    )
    rows = (*step.rows, *(["pictures"] if "pictures" in step.names else []))
    found = {
        name: [value.replace("\x00", "") for value in post.getlist(name)][:100]
        for name in post
        if name in names or any(_is_of(row, name) for row in rows)
    }
    if sum(len(name) + sum(map(len, values)) for name, values in found.items()) > KEPT:
        raise ValidationError(_("Teksten er for lang til at gemme. Del den op, eller læg den i et bilag."))
    return found


def _is_of(rows: str, name: str) -> bool:
    """Whether it is the name of a field that rows of this sort have, or of their number."""
    fields = "|".join(SORTS[rows].form.base_fields)
    return re.fullmatch(rf"{rows}-(n|[0-9]{{1,2}}-({fields}))", name) is not None


def save_step(work: Work, step: Step, post: QueryDict, *, only_keep: bool = False) -> Saved:
    """Store what was sent for a step. With `only_keep` it is kept as typed, without a word of what is missing.

    Raises TransitionError when it can't be edited any more, ValidationError when it is far too long.
    """
    raw = raw_of(step, post)
    data = typed(raw)
    with transaction.atomic():
        work.lock()
        behind = post.get("seen") != work.seen(step) and raw != work.kept.pending.get(step.key)
        if behind and _says_more(work, step, raw):
            work.keep_beside(step, raw)
            return Saved(work.page(step, data=data, quiet=True), clash=True)
        if only_keep:
            if _says_more(work, step, raw):
                work.keep(step, raw)
            return Saved(work.page(step, data=data, quiet=True), stored=True)
        page = work.page(step, data=data)
        if page.is_valid():
            try:
                with transaction.atomic():
                    work.write(page.parts())
            except ValidationError as error:
                page.form.add_error(None, ValidationError(error.messages))
        if not page.is_valid():
            work.keep(step, raw)
            return Saved(page)
        work.stored(step)
        return Saved(page, stored=True)


def _says_more(work: Work, step: Step, raw: Raw) -> bool:
    """Whether it is something else than what is kept or stored already."""
    now = work.kept.pending.get(step.key)
    return _filled(raw) != _filled(now if now is not None else work.page(step).raw())


def _filled(raw: Raw) -> Raw:
    """Without what is empty, and without the number of rows."""
    found = {
        name: [v.replace("\r\n", "\n").strip() for v in values if v.strip()] for name, values in raw.items()
    }
    return {name: values for name, values in found.items() if values and not name.endswith("-n")}


def add_row(work: Work, step: Step, post: QueryDict, name: str) -> Saved:
    """Keep what was sent, with one more row of a sort."""
    changed = post.copy()
    if name in step.rows:
        number = min(
            len(work.page(step, data=typed(raw_of(step, post)), quiet=True).rows[name].forms) + 1, 20
        )
        changed[f"{name}-n"] = str(number)
    with transaction.atomic():
        work.lock()
        raw = raw_of(step, changed)
        if post.get("seen") != work.seen(step) and _says_more(work, step, raw):
            work.keep_beside(step, raw)
            return Saved(work.page(step, data=typed(raw), quiet=True), clash=True)
        work.keep(step, raw)
        return Saved(work.page(step, data=typed(raw), quiet=True), stored=True)


def add_picture(work: Work, step: Step, post: QueryDict, file: UploadedFile | None) -> str:
    """Check, clean and store a picture, and keep the rest as typed. Returns what is wrong with it, or ""."""
    raw = raw_of(step, post)
    wrong = ""
    stored = None
    if len(work.parts["pictures"]) >= PICTURES:
        wrong = _("Der er plads til %(n)s billeder. Fjern et, før du lægger et nyt op.") % {"n": PICTURES}
    else:
        try:
            clean = SafePictureField(required=True, error_messages={"required": _("Vælg et billede.")}).clean(
                file
            )
            stored = store_picture(clean)
        except ValidationError as error:
            wrong = " ".join(error.messages)
        except OSError:
            wrong = _("Billedet kunne ikke gemmes lige nu. Prøv igen om lidt.")
    with transaction.atomic():
        work.lock()
        pictures = work.parts["pictures"]
        if stored is not None and any(row["name"] == stored.name for row in pictures):
            wrong, stored = _("Billedet er her allerede."), None
        if stored is not None and len(pictures) >= PICTURES:
            wrong, stored = _("Der er plads til %(n)s billeder.") % {"n": PICTURES}, None
        if stored is not None:
            row = {
                "name": stored.name, "width": stored.width, "height": stored.height, "widths": stored.variants,
                "alt": "", "caption": "", "credit": "", "position": len(pictures),
            }  # fmt: skip
            work.write({"pictures": [*pictures, row]})
            n = _number(raw)
            raw["pictures-n"] = [str(n + 1)]
            raw[f"pictures-{n}-name"] = [stored.name]
        work.keep(step, raw)
    return wrong


def _number(raw: Raw) -> int:
    try:
        return max(0, min(PICTURES, int(raw.get("pictures-n", ["0"])[0])))
    except ValueError:
        return 0
