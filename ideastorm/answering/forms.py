"""What whoever answers writes: an answer to one idea or several, news afterwards, and that it was discussed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from editorial.choices import Kind
from editorial.models import Content
from editorial.widgets import DayInput
from guards.cpr import refuse_cpr
from guards.once import OnceMixin
from ideastorm.answering.reasons import is_unspecific
from ideastorm.choices import AnswerStatus
from ideastorm.models import IdeaAnswer

NEVER_BECAME = (Kind.STORM, Kind.IDEA, Kind.STORY, Kind.UNIT)
"""What an idea does not become; see IdeaNews."""


def find_readable(text: str, kinds: Q) -> Content | None:
    """What stands on an address of the portal, or on the last part of one; None for what nobody may read."""
    slug = re.sub(r"[?#].*", "", text.strip()).rstrip("/").rsplit("/", 1)[-1]
    return Content.objects.readable().filter(kinds, slug=slug).first() if slug else None


class AnswerForm(OnceMixin, forms.Form):
    """An answer with a public reason. `answer_fields()` is what the row holds."""

    status = forms.ChoiceField(
        label=_("Svar"),
        choices=AnswerStatus.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg et svar.")},
    )
    reason = forms.CharField(
        label=_("Begrundelse"),
        max_length=6000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Alle kan læse den. Skriv, hvem der har læst ideen, hvad der sker nu, og hvorfor."),
        error_messages={"required": _("Skriv en begrundelse.")},
    )
    entry = forms.CharField(
        label=_("Hvor det findes"),
        max_length=300,
        required=False,
        help_text=_("Kun når det findes allerede: adressen på indlægget under Inspiration."),
    )
    authority = forms.CharField(
        label=_("Sendt til"),
        max_length=160,
        required=False,
        validators=[refuse_cpr],
        help_text=_("Kun når ideen er sendt videre: navnet på myndigheden, f.eks. »Færdselsstyrelsen«."),
    )
    sent_on = forms.DateField(label=_("Sendt den"), required=False, widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("entry", "authority", "sent_on"):  # which of them is needed depends on the answer
            self.fields[name].one_of_several = True  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        """Not a template as it stands."""
        reason: str = self.cleaned_data["reason"]
        if is_unspecific(reason):
            raise ValidationError(
                _("Udfyld det, der står i [firkantede parenteser], så begrundelsen handler om netop det her.")
            )
        return reason

    def clean_sent_on(self) -> dt.date | None:
        """Nothing has been sent tomorrow."""
        day: dt.date | None = self.cleaned_data["sent_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("Datoen er ikke kommet endnu. Svar, når ideen er sendt."))
        return day

    def clean(self) -> dict[str, Any] | None:
        """What belongs to the status is there; what does not is left out, but only when the status was chosen."""
        cleaned = super().clean()
        data = self.cleaned_data
        status = data.get("status")
        self.found: Content | None = None
        if status == AnswerStatus.EXISTS and "entry" in data:
            model: Any = IdeaAnswer._meta.get_field("entry").related_model  # areas do not import each other
            self.found = find_readable(data["entry"], Q(kind__in=model.KINDS))
            if self.found is None:
                self.add_error(
                    "entry",
                    ValidationError(
                        _("Vi kan ikke finde noget på den adresse. Kopiér adressen fra indlæggets side.")
                    ),
                )
        if status == AnswerStatus.SENT_ON:
            if not data.get("authority", "").strip() and "authority" not in self.errors:
                self.add_error(
                    "authority", ValidationError(_("Skriv, hvilken myndighed ideen er sendt til."))
                )
            if not data.get("sent_on") and "sent_on" not in self.errors:
                self.add_error("sent_on", ValidationError(_("Skriv, hvornår ideen er sendt videre.")))
        return cleaned

    def answer_fields(self) -> dict[str, Any]:
        """The row's fields, without those that belong to another status."""
        data = self.cleaned_data
        sent_on = data["status"] == AnswerStatus.SENT_ON
        return {
            "status": data["status"],
            "reason": data["reason"].strip(),
            "entry_id": self.found.pk if self.found else None,
            "authority": data["authority"].strip() if sent_on else "",
            "sent_on": data["sent_on"] if sent_on else None,
        }


class NewsForm(OnceMixin, forms.Form):
    """What happened later. `news_fields()` is what the row holds."""

    text = forms.CharField(
        label=_("Hvad er der sket?"),
        max_length=2000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("En sætning eller to. Alle kan læse det."),
        error_messages={"required": _("Skriv, hvad der er sket.")},
    )
    happened_on = forms.DateField(
        label=_("Dato"), widget=DayInput(), error_messages={"required": _("Skriv, hvornår det skete.")}
    )
    became = forms.CharField(
        label=_("Det blev den til"),
        max_length=300,
        required=False,
        help_text=_("Adressen på projektet på kortet eller indlægget under Inspiration."),
    )

    def clean_happened_on(self) -> dt.date:
        """It has happened."""
        day: dt.date = self.cleaned_data["happened_on"]
        if day > timezone.localdate():
            raise ValidationError(_("Datoen er ikke kommet endnu. Skriv, hvad der er sket."))
        return day

    def clean_became(self) -> str:
        """A project or an entry that anyone may read."""
        text: str = self.cleaned_data["became"]
        self.found = find_readable(text, ~Q(kind__in=NEVER_BECAME)) if text.strip() else None
        if text.strip() and self.found is None:
            raise ValidationError(
                _("Vi kan ikke finde et projekt eller et indlæg på den adresse. Kopiér adressen fra siden.")
            )
        return text

    def news_fields(self) -> dict[str, Any]:
        """The row's fields."""
        data = self.cleaned_data
        return {
            "text": data["text"].strip(),
            "happened_on": data["happened_on"],
            "became": self.found,
        }


class DiscussedForm(forms.Form):
    """When the workplace discussed its own storm, and what was said."""

    discussed_on = forms.DateField(
        label=_("Drøftet i MED eller SU den"),
        required=False,
        widget=DayInput(),
        help_text=_("Vises på siden. Lad feltet stå tomt, hvis det ikke er drøftet."),
    )
    discussed_note = forms.CharField(
        label=_("Hvad blev der sagt?"),
        required=False,
        max_length=300,
        validators=[refuse_cpr],
        help_text=_(
            "En sætning, som alle kan læse, f.eks. »Udvalget vil have de tre første ideer på næste møde«."
        ),
    )

    def clean_discussed_on(self) -> dt.date | None:
        """It has taken place."""
        day: dt.date | None = self.cleaned_data["discussed_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("Datoen er ikke kommet endnu. Skriv den, når det er drøftet."))
        return day

    def clean(self) -> dict[str, Any] | None:
        """A sentence about it needs the day."""
        cleaned = super().clean()
        data = self.cleaned_data
        if data.get("discussed_note") and not data.get("discussed_on") and "discussed_on" not in self.errors:
            self.add_error("discussed_on", ValidationError(_("Skriv også, hvornår det er drøftet.")))
        return cleaned
