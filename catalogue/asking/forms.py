"""A question, and its answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalogue.asking.actions import SHOWN_AT_MOST
from guards.cpr import refuse_cpr
from guards.once import OnceMixin


class QuestionForm(OnceMixin, forms.Form):
    """What somebody wants to know."""

    question = forms.CharField(
        label=_("Dit spørgsmål"),
        max_length=2000,
        validators=[refuse_cpr],
        error_messages={"required": _("Skriv dit spørgsmål.")},
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": "2000"}),
        help_text=_("Vises ikke på portalen, medmindre I begge siger ja. Kan være omfattet af aktindsigt."),
    )
    agrees = forms.BooleanField(
        label=_("Jeg vil gerne have, at spørgsmål og svar bliver vist"),
        required=False,
        help_text=_(
            "Så kan andre lære af det. Det sker kun, hvis den, der svarer, også vil. Dit navn bliver ikke vist. "
            "Du kan fortryde bagefter."
        ),
    )

    def clean(self) -> dict[str, Any] | None:
        """What is to be shown must fit on the page."""
        cleaned = super().clean()
        text = " ".join(self.cleaned_data.get("question", "").split())
        if self.cleaned_data.get("agrees") and len(text) > SHOWN_AT_MOST:
            self.add_error(
                "question",
                ValidationError(
                    _(
                        "Et spørgsmål, der skal vises, må højst være på %(most)s tegn. Dit er på %(n)s. Skriv det "
                        "kortere, eller fjern krydset."
                    ),
                    params={"most": SHOWN_AT_MOST, "n": len(text)},
                ),
            )
        return cleaned


class AnswerForm(OnceMixin, forms.Form):
    """The answer."""

    text = forms.CharField(
        label=_("Dit svar"),
        max_length=4000,
        validators=[refuse_cpr],
        error_messages={"required": _("Skriv dit svar.")},
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": "4000"}),
        help_text=_("Skriv, som du ville sige det til en kollega. Svaret sendes til den, der spurgte."),
    )
    agrees = forms.BooleanField(label=_("Spørgsmål og svar må vises på siden"), required=False)
    shown_as = forms.CharField(
        label=_("Hvem skal der stå, at svaret er fra?"),
        required=False,
        max_length=120,
        validators=[refuse_cpr],
        help_text=_(
            "Fornavn og rolle, f.eks. »Anne, sagsbehandler«. Lad feltet stå tomt, hvis der ikke skal stå noget."
        ),
    )
