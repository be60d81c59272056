"""What a citizen tells, what its sender corrects, and how a workplace thanks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.stories import consent
from catalogue.stories.words import year_of
from editorial.models import Content
from editorial.picture_forms import PictureMixin
from editorial.text import summary_of
from guards.cpr import refuse_cpr
from guards.names import plain_name
from guards.once import OnceMixin
from guards.spam import TrapMixin
from places.models import Municipality, Workplace

TITLE = {
    "label": _("Overskrift"),
    "max_length": 120,
    "validators": [refuse_cpr],
    "help_text": _("Sig det, du ville fortælle naboen. F.eks. »Hun ringede dagen efter og spurgte«."),
}
TEXT = {
    "label": _("Hvad skete der?"),
    "max_length": 6000,
    "validators": [refuse_cpr],
    "help_text": _(
        "Fortæl med dine egne ord. Skriv kun fornavne på dem, der hjalp dig, og ikke noget om andres helbred."
    ),
}
NAME = {
    "label": _("Navn, der vises"),
    "required": False,
    "max_length": 80,
    "validators": [plain_name, refuse_cpr],
    "help_text": _("F.eks. »Birthe, 71 år«. Lad det stå tomt, så skriver vi »En borger«."),
}


class TellForm(PictureMixin, TrapMixin, OnceMixin, forms.Form):
    """A good story, told in two minutes. `story_fields()` is what the story holds."""

    field_order = (
        "title", "text", "municipality", "workplace", "happened", "picture", "without_picture", "alt",
    )  # fmt: skip

    title = forms.CharField(**TITLE)  # type: ignore[arg-type]
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 8}), **TEXT)  # type: ignore[arg-type]
    municipality = forms.ModelChoiceField(
        label=_("Kommune"),
        queryset=Municipality.objects.all(),
        required=False,
        empty_label=_("Ved ikke, eller hele landet"),
    )
    workplace = forms.CharField(
        label=_("Hvilket sted?"),
        required=False,
        max_length=160,
        validators=[refuse_cpr],
        widget=forms.TextInput(attrs={"list": "workplaces", "autocomplete": "off"}),
        help_text=_("F.eks. en børnehave, et hospital eller borgerservice. Skriv navnet, som du kender det."),
    )
    happened = forms.CharField(
        label=_("Hvornår cirka?"),
        required=False,
        max_length=60,
        validators=[refuse_cpr],
        help_text=_("F.eks. »i foråret« eller »2024«."),
    )
    shown_name = forms.CharField(**NAME)  # type: ignore[arg-type]
    email = forms.EmailField(
        label=_("Din e-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_(
            "Kun så redaktionen kan spørge dig eller give dig svar. Den bliver aldrig vist og gemmes for sig selv."
        ),
    )
    consent = forms.BooleanField(
        label=consent.TEXT,
        help_text=consent.HELP,
        error_messages={
            "required": _("Sæt kryds, hvis vi må vise din historie. Ellers kan vi ikke bruge den.")
        },
    )

    def __init__(self, *args: Any, with_contact: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_contact:
            del self.fields["email"]
            self.fields["consent"].help_text = consent.HELP_ON_ACCOUNT
        self.fields["title"].error_messages["required"] = _("Skriv en overskrift.")
        self.fields["text"].error_messages["required"] = _("Skriv, hvad der skete.")

    def owner(self) -> Workplace | None:
        """The one workplace of that name, in the municipality where one was chosen; None when it is not certain."""
        name = " ".join(self.cleaned_data["workplace"].split())
        if not name:
            return None
        found = Workplace.objects.active().named(name)
        if municipality := self.cleaned_data["municipality"]:
            found = found.filter(municipality=municipality)
        two = list(found[:2])
        return two[0] if len(two) == 1 else None

    def story_fields(self) -> dict[str, Any]:
        """What the story holds, as keyword arguments of the model."""
        data, owner = self.cleaned_data, self.owner()
        return {
            "title": data["title"],
            "text": data["text"],
            "summary": summary_of(data["text"]),
            "municipality": data["municipality"] or (owner.municipality if owner else None),
            "owner": owner,
            "sectors": [owner.sector] if owner else [],
            "workplace_told": "" if owner else data["workplace"],
            "happened": data["happened"],
            "year_from": year_of(data["happened"]),
            "shown_name": data["shown_name"],
        }


class CorrectStoryForm(forms.Form):
    """What its sender may correct in a story: as they see it, with what they have `proposed` already for a public one.

    See editorial.receipts.CORRECTORS.
    """

    title = forms.CharField(**TITLE)  # type: ignore[arg-type]
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 8}), **TEXT)  # type: ignore[arg-type]
    happened = forms.CharField(
        label=_("Hvornår cirka?"), required=False, max_length=60, validators=[refuse_cpr]
    )
    shown_name = forms.CharField(**NAME)  # type: ignore[arg-type]

    def __init__(self, *args: Any, content: Content, proposed: dict[str, Any], **kwargs: Any) -> None:
        names = ("title", "text", "happened", "shown_name")
        values = {name: proposed.get(name, getattr(content, name)) for name in names}
        super().__init__(*args, **{"initial": values} | kwargs)

    def parts(self) -> dict[str, Any]:
        """The parts of the content that are new, for Content.apply_parts; empty when nothing was changed."""
        changed: dict[str, Any] = {name: self.cleaned_data[name] for name in self.changed_data}
        if "text" in changed:
            changed["summary"] = summary_of(changed["text"])
        if "happened" in changed:
            changed["year_from"] = year_of(changed["happened"])
        return changed


class ThanksForm(OnceMixin, forms.Form):
    """A workplace's thank-you."""

    text = forms.CharField(
        label=_("Jeres tak"),
        error_messages={"required": _("Skriv jeres tak.")},
        max_length=600,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Højst 600 tegn. Sig kun tak. Bekræft ikke, hvem borgeren er, og føj ikke noget til historien: I har "
            "tavshedspligt, også om det, borgeren selv har fortalt."
        ),
    )
