"""Which idea another is joined into, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guards.cpr import refuse_cpr
from ideastorm.models import Idea


class JoinForm(forms.Form):
    """The survivor, by its slug, and a reason that the authors are told."""

    survivor = forms.ModelChoiceField(
        label=_("Hvilken idé skal blive stående?"), queryset=Idea.objects.none(), to_field_name="slug",
        widget=forms.RadioSelect, empty_label=None,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Hvorfor?"), required=False, max_length=300, validators=[refuse_cpr],
        help_text=_("De, der har skrevet ideerne, kan læse det. F.eks. »Begge foreslår et nyt brev om boligstøtte«."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, idea: Idea, shown: list[Idea], why: dict[int, list[str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["survivor"]
        assert isinstance(field, forms.ModelChoiceField)
        # Whatever of the storm is chosen counts, also when the search has changed since.
        field.queryset = Idea.objects.of_storm(idea.storm).published().standing().exclude(pk=idea.pk)
        field.error_messages |= {
            "required": _("Vælg den idé, der skal blive stående."),
            "invalid_choice": _("Ideen kan ikke vælges. Den er måske lige taget ned eller lagt sammen."),
        }
        field.choices = [(row.slug, _label(row, why.get(row.pk, []))) for row in shown]


def _label(idea: Idea, shared: list[str]) -> str:
    """The title, and the words that both have."""
    return f"{idea.title} ({_('ligner på')}: {', '.join(shared)})" if shared else idea.title
