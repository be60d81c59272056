"""Which workplace is the host of a new place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guards.once import OnceMixin
from places.models import Workplace


class BeginForm(OnceMixin, forms.Form):
    """One of the workplaces that somebody speaks for."""

    host = forms.ChoiceField(
        label=_("Hvilken arbejdsplads er vært?"), widget=forms.RadioSelect,
        error_messages={"required": _("Vælg den arbejdsplads, der er vært.")},
    )  # fmt: skip

    def __init__(self, data: Any, *, hosts: Iterable[Workplace], initial: str = "") -> None:
        self.hosts = {host.slug: host for host in hosts}
        first = initial if initial in self.hosts else next(iter(self.hosts), "")
        super().__init__(data, initial={"host": first})
        self.fields["host"].choices = [(slug, str(host)) for slug, host in self.hosts.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Workplace:
        """The host; call only when valid."""
        return self.hosts[self.cleaned_data["host"]]
