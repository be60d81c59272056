"""The form in which one chooses how often one wants mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notices.events import ABOUT, Event, Frequency
from notices.models import Preference
from notices.preferences import offered_to


class PreferencesForm(forms.Form):
    """One choice for each kind of notices."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = Preference.objects.all_of(user)
        for event in offered_to(user):
            self.fields[event.value] = forms.ChoiceField(
                label=event.label,
                help_text=ABOUT[event].explanation,
                choices=Frequency.choices,
                initial=chosen[event].value,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Vælg, hvor tit du vil have mail om »%s«.") % event.label,
                    "invalid_choice": _("Vælg en af mulighederne for »%s«.") % event.label,
                },
            )

    def frequencies(self) -> dict[Event, Frequency]:
        """What was chosen."""
        return {Event(name): Frequency(value) for name, value in self.cleaned_data.items()}
