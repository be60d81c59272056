"""Naming an entry of the catalogue in a proposal: by its title, or by its address. An area above says which kinds."""

from __future__ import annotations

import re
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from editorial.models import Content, ContentSlug
from search import query

SUGGESTED = 8


def suggested(text: str, *, kinds: tuple[str, ...]) -> list[str]:
    """At most SUGGESTED titles of public rows of these kinds that hold the text. One query."""
    text = query.clean(text)[:160]
    if len(text) < 2:
        return []
    rows = Content.objects.readable().filter(kind__in=kinds, title__icontains=text).order_by("sort_key", "id")
    return list(rows.values_list("title", flat=True)[:SUGGESTED])


class EntryField(forms.CharField):
    """A public entry; cleaned to its row or None, shown from its key. A subclass says what an entry is."""

    @staticmethod
    def kinds() -> tuple[str, ...]:
        """The kinds that may be named."""
        raise NotImplementedError

    @classmethod
    def asked(cls, label: Any, hint: Any) -> Self:
        """With suggestions from the list `entries` of the page."""
        return cls(
            label=label, help_text=hint, required=False, max_length=400,
            widget=forms.TextInput(attrs={"list": "entries", "autocomplete": "off", "class": "coi-wide"}),
        )  # fmt: skip

    def clean(self, value: Any) -> Content | None:
        """The one that is meant. Raises ValidationError when there is none, or several with the title."""
        text = super().clean(value).strip()
        if not text:
            return None
        rows = Content.objects.readable().filter(kind__in=self.kinds())
        if address := re.search(r"/katalog/([a-z0-9-]+)/?(?:[?#].*)?$", text):
            key = ContentSlug.objects.filter(slug=address[1]).values("content_id")
            found = list(rows.filter(pk__in=key)[:2])
        else:
            found = list(rows.filter(title__iexact=text.strip("»« "))[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(_("Flere sider hedder det. Sæt adressen på den, du mener, ind i stedet."))
        raise ValidationError(
            _("Vi kan ikke finde siden. Skriv titlen, som den står, eller sæt adressen ind.")
        )

    def prepare_value(self, value: Any) -> Any:
        """A key as the title; nothing of what can't be read."""
        if not isinstance(value, int):
            return value
        if value not in (kept := self.__dict__.setdefault("titles", {})):
            rows = Content.objects.readable().filter(pk=value)
            kept[value] = rows.values_list("title", flat=True).first() or ""
        return kept[value]


def keep_hidden(data: dict[str, Any], name: str, before: int | None) -> None:
    """Whoever can't see the entry that stands there doesn't take it away by leaving the field empty."""
    if before and data.get(name) is None and not Content.objects.readable().filter(pk=before).exists():
        data[name] = before
