"""What the two of a stay write: yes or no, the agreement, a cancellation, an evaluation, what was used."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from guards.cpr import refuse_cpr
from guards.once import OnceMixin
from practicum.choices import Side
from practicum.models import Agreement, FollowUp, Stay
from practicum.staying.moving import possible_days, why_not_on


class AnswerForm(OnceMixin, forms.Form):
    """Yes or no to a stay that is offered. The button says which; a host says why not."""

    answer = forms.ChoiceField(
        choices=[("ja", _("Ja")), ("nej", _("Nej"))], error_messages={"required": _("Vælg ja eller nej.")}
    )
    reason = forms.CharField(
        label=_("Hvis du siger nej: hvorfor?"),
        required=False,
        max_length=500,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Den anden får det, du skriver."),
    )

    def __init__(self, *args: Any, side: Side | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_host = side == Side.HOST
        self.fields["reason"].one_of_several = self.is_host  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """A host who says no says why."""
        data = super().clean() or self.cleaned_data
        if (
            self.is_host
            and data.get("answer") == "nej"
            and not data.get("reason")
            and "reason" not in self.errors
        ):
            text = _("Skriv, hvorfor det ikke kan lade sig gøre. Gæsten får begrundelsen.")
            self.add_error("reason", text)
        return data


class AgreementForm(OnceMixin, forms.ModelForm):
    """A version of the agreement. `read` is the number of the version it was written from."""

    read = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    starts_on = forms.TypedChoiceField(
        label=_("Første dag"),
        help_text=_("I kan vælge mellem de dage, som gæstens leder har sagt ja til."),
        error_messages={
            "required": _("Vælg den første dag."),
            "invalid_choice": _("Vælg en dag, som gæstens leder har sagt ja til."),
        },
    )
    ends_on = forms.TypedChoiceField(
        label=_("Sidste dag"),
        error_messages={
            "required": _("Vælg den sidste dag."),
            "invalid_choice": _("Vælg en dag, som gæstens leder har sagt ja til."),
        },
    )

    class Meta:
        model = Agreement
        fields = Agreement.TEXTS
        labels: ClassVar = {
            "purpose": _("Hvad vil gæsten lære?"),
            "programme": _("Programmet, dag for dag"),
            "contact": _("Hvem spørger gæsten efter den første dag?"),
            "gives": _("Hvad giver gæsten igen?"),
            "confidentiality": _("Hvad må ikke deles?"),
            "certificates": _("Attester, og hvornår de skal være der"),
            "consent": _("Ja fra dem, gæsten møder"),
            "expenses": _("Hvem betaler rejse og overnatning?"),
            "insurance": _("Forsikring"),
            "working_time": _("Arbejdstid"),
        }
        help_texts: ClassVar = {
            "purpose": _("En til tre ting, så I begge bagefter kan se, om det lykkedes."),
            "programme": _(
                "Hvornår, hvor, og hvem gæsten følger. Lad der være tid til at tale sammen hver dag."
            ),
            "contact": _("Navn og funktion. Skriv også, hvor gæsten møder."),
            "gives": _("En fortælling om egen praksis, et oplæg, en liste over det, der undrede."),
            "confidentiality": _(
                "Gæsten har samme tavshedspligt som værtens egne ansatte. Skriv, om gæsten skal skrive under på det, "
                "og hvad der må fortælles hjemme."
            ),
            "certificates": _(
                "Er gæsten sammen med børn under 15 år, så se efter, om der skal være en børneattest. Skriv, hvem der "
                "bestiller den, og hvornår den senest skal være der."
            ),
            "consent": _("Borgere, patienter og pårørende skal have sagt ja, før gæsten møder dem."),
            "expenses": _(
                "Gæstens arbejdsplads betaler, hvis I ikke aftaler andet. Værten skal ikke betale noget."
            ),
            "insurance": _("Gæsten er ansat på sin egen arbejdsplads hele tiden."),
            "working_time": _("Hvornår på dagen, og hvad der gælder ved aftenvagt."),
        }
        error_messages: ClassVar = {"purpose": {"required": _("Skriv, hvad gæsten vil lære.")}}

    def __init__(self, *args: Any, stay: Stay, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stay = stay
        choices = [(day.isoformat(), formats.date_format(day, "l j. F Y")) for day in possible_days(stay)]
        for name in ("starts_on", "ends_on"):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices, field.coerce = choices, parse_date
        for name in Agreement.TEXTS:
            field = self.fields[name]
            if refuse_cpr not in field.validators:
                field.validators.append(refuse_cpr)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 6 if name == "programme" else 3

    def clean(self) -> dict[str, Any] | None:
        """The last day is not before the first, and no longer than the leader has said yes to."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if not (first and last) or (first, last) == (self.stay.starts_on, self.stay.ends_on):
            return data
        if last < first:
            self.add_error("ends_on", _("Den sidste dag kan ikke ligge før den første."))
        elif refusal := why_not_on(self.stay, first, last):
            self.add_error("starts_on", refusal)
        return data


class SignForm(OnceMixin, forms.Form):
    """One of the two signs the version they have read."""

    read = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class CancelForm(OnceMixin, forms.Form):
    """Why a stay is cancelled: for the other, and for the guest's leader to know that it is."""

    reason = forms.CharField(
        label=_("Hvorfor aflyser du?"),
        max_length=500,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Den anden får din begrundelse. Skriv ikke om sygdom eller andet privat; »jeg kan ikke« er nok."
        ),
        error_messages={"required": _("Skriv, hvorfor du aflyser.")},
    )


FIVE = [(5, _("5: meget")), (4, "4"), (3, "3"), (2, "2"), (1, _("1: slet ikke"))]


class EvaluationForm(OnceMixin, forms.Form):
    """A few questions when the stay is over."""

    could_use = forms.TypedChoiceField(
        label=_("Kan du bruge det, du så eller hørte, i dit eget arbejde?"),
        choices=FIVE,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg et tal.")},
    )
    as_expected = forms.TypedChoiceField(
        label=_("Blev opholdet, som I havde aftalt?"),
        choices=FIVE,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg et tal.")},
    )
    recommends = forms.TypedChoiceField(
        label=_("Vil du anbefale Innovationspraktik til en kollega?"),
        choices=[("ja", _("Ja")), ("nej", _("Nej"))],
        coerce=lambda value: value == "ja",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg ja eller nej.")},
    )
    text = forms.CharField(
        label=_("Med dine egne ord"),
        required=False,
        max_length=2000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kun centret læser det. Den anden ser ikke dit svar."),
    )


class FollowUpForm(OnceMixin, forms.ModelForm):
    """What the guest has used three months after."""

    class Meta:
        model = FollowUp
        fields = ("used",)
        labels: ClassVar = {"used": _("Hvad har du brugt?")}
        help_texts: ClassVar = {
            "used": _(
                "Hvad gør I anderledes nu? Det er også et svar, at det ikke passede hos jer, og hvorfor."
            )
        }
        error_messages: ClassVar = {"used": {"required": _("Skriv et par linjer.")}}
        widgets: ClassVar = {"used": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["used"].required = True
