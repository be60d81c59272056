"""What staff write who distribute ideas, and what assessors give."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from editorial.models import Tag
from guards.cpr import refuse_cpr
from ideastorm.assessing.actions import Points
from ideastorm.models import Criterion, Idea, Score, Storm
from ideastorm.models.assessment import LEAST, MOST

AT_MOST = 50
"""Assessors that are named at once."""


class Way(TextChoices):
    """How ideas are distributed."""

    EVENLY = "jaevnt", _("Jævnt: hver idé får lige mange, og hver person lige meget")
    TAG = "emne", _("Efter emne: alle ideer med et emne")
    HAND = "haand", _("I hånden: de ideer, jeg vælger")


class AssignForm(forms.Form):
    """Who is to assess what. `assessors()` and `chosen()` are what it says."""

    addresses = forms.CharField(
        label=_("Hvem skal vurdere?"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("De e-mails, de logger ind med. Én på hver linje."),
    )
    way = forms.ChoiceField(
        label=_("Hvordan skal ideerne fordeles?"),
        choices=Way.choices,
        widget=forms.RadioSelect,
        initial=Way.EVENLY,
        error_messages={"required": _("Vælg, hvordan ideerne skal fordeles.")},
    )
    each = forms.IntegerField(
        label=_("Hvor mange skal vurdere hver idé?"), min_value=1, max_value=9, initial=2, required=False,
        help_text=_("Når du fordeler jævnt. De, der allerede er fordelt, tæller med."),
    )  # fmt: skip
    tag = forms.ModelChoiceField(
        label=_("Emne"),
        queryset=Tag.objects.none(),
        required=False,
        empty_label=_("Vælg"),
        to_field_name="slug",
    )
    ideas = forms.ModelMultipleChoiceField(
        label=_("Ideer"), queryset=Idea.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        to_field_name="slug",
    )  # fmt: skip

    def __init__(self, *args: Any, storm: Storm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: list[User] = []
        ideas = Idea.objects.of_storm(storm).published().standing()
        tag, chosen = self.fields["tag"], self.fields["ideas"]
        assert isinstance(tag, forms.ModelChoiceField) and isinstance(chosen, forms.ModelMultipleChoiceField)
        tag.queryset = (
            Tag.objects.filter(items__content_object__in=ideas.values("pk")).distinct().order_by("sort_key")
        )
        chosen.queryset = ideas.order_by("sort_key", "pk")
        self.fields["addresses"].error_messages["required"] = _("Skriv mindst én e-mail.")
        for name in ("each", "tag", "ideas"):  # which of them is needed depends on the way
            self.fields[name].one_of_several = True  # type: ignore[attr-defined]
        self.storm = storm

    def clean_addresses(self) -> str:
        """Every line is the confirmed address of an open account."""
        text: str = self.cleaned_data["addresses"]
        wanted = list(dict.fromkeys(text.replace(",", " ").replace(";", " ").lower().split()))
        if len(wanted) > AT_MOST:
            raise ValidationError(_("Skriv højst %(n)s ad gangen.") % {"n": AT_MOST})
        rows = EmailAddress.objects.filter(email__in=wanted, verified=True, user__is_active=True)
        found = {row.email.lower(): row.user for row in rows.select_related("user")}
        missing = [address for address in wanted if address not in found]
        if missing:
            raise ValidationError(
                _(
                    "Her er ingen konto med en bekræftet e-mail: %(addresses)s. Bed dem oprette en konto først."
                )
                % {"addresses": ", ".join(missing)}
            )
        self.people = list({user.pk: user for user in found.values()}.values())
        return text

    def clean(self) -> dict[str, Any] | None:
        """What the way needs is there."""
        cleaned = super().clean()
        needed = {
            Way.EVENLY: ("each", _("Skriv, hvor mange der skal vurdere hver idé.")),
            Way.TAG: ("tag", _("Vælg et emne.")),
            Way.HAND: ("ideas", _("Vælg mindst én idé.")),
        }
        if (way := self.cleaned_data.get("way")) in needed:
            name, error = needed[Way(way)]
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, ValidationError(error))
        return cleaned

    def chosen(self) -> list[int]:
        """The ideas that were chosen, by tag or by hand."""
        if self.cleaned_data["way"] == Way.HAND:
            return [idea.pk for idea in self.cleaned_data["ideas"]]
        tagged = Idea.objects.of_storm(self.storm).filter(tags=self.cleaned_data["tag"])
        return list(tagged.values_list("pk", flat=True))


class ScoreForm(forms.Form):
    """Points and a note by each criterion; what is not given yet may be left out until it is sent."""

    POINTS = [(str(n), str(n)) for n in range(LEAST, MOST + 1)]

    def __init__(self, *args: Any, criteria: list[Criterion], scores: list[Score], **kwargs: Any) -> None:
        given = {score.criterion_id: score for score in scores}
        initial: dict[str, Any] = {}
        for criterion in criteria:
            if score := given.get(criterion.pk):
                initial |= {f"points-{criterion.pk}": score.points, f"note-{criterion.pk}": score.note}
        super().__init__(*args, **{"initial": initial} | kwargs)
        self.criteria = criteria
        for criterion in criteria:
            self.fields[f"points-{criterion.pk}"] = forms.ChoiceField(
                label=criterion.title, help_text=criterion.explanation, choices=self.POINTS,
                widget=forms.RadioSelect, required=False,
            )  # fmt: skip
            # Needed to send, so it is not »voluntary«.
            self.fields[f"points-{criterion.pk}"].one_of_several = True  # type: ignore[attr-defined]
            self.fields[f"note-{criterion.pk}"] = forms.CharField(
                label=_("Note til »%(criterion)s«") % {"criterion": criterion.title}, required=False,
                max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), validators=[refuse_cpr],
            )  # fmt: skip

    @property
    def pairs(self) -> list[tuple[Criterion, Any, Any]]:
        """Criterion, and its two fields."""
        return [(c, self[f"points-{c.pk}"], self[f"note-{c.pk}"]) for c in self.criteria]

    @property
    def is_sending(self) -> bool:
        """Whether the button that sends was pressed."""
        return self.is_bound and "send" in self.data

    def clean(self) -> dict[str, Any] | None:
        """To send needs all points; a note needs its points, so that nothing typed is lost."""
        cleaned = super().clean()
        for criterion in self.criteria:
            points = self.cleaned_data.get(f"points-{criterion.pk}")
            note = self.cleaned_data.get(f"note-{criterion.pk}")
            if points or f"points-{criterion.pk}" in self.errors:
                continue
            if self.is_sending:
                self.add_error(f"points-{criterion.pk}", _("Giv fra 1 til 5 point."))
            elif note:
                self.add_error(f"points-{criterion.pk}", _("Giv også point, så noten kan gemmes."))
        return cleaned

    def points(self) -> list[Points]:
        """What was given."""
        data = self.cleaned_data
        return [
            Points(c.pk, int(data[f"points-{c.pk}"]), data[f"note-{c.pk}"].strip())
            for c in self.criteria
            if data[f"points-{c.pk}"]
        ]


class ConflictForm(forms.Form):
    """Why somebody can't be impartial. The note is voluntary: one need not explain."""

    why = forms.CharField(
        label=_("Hvorfor?"), required=False, max_length=300, validators=[refuse_cpr],
        help_text=_("Kun redaktionen og de, der svarer, kan læse det."),
    )  # fmt: skip
