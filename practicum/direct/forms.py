"""What a guest writes to a host, and what the host answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from guards.cpr import refuse_cpr
from guards.once import OnceMixin
from practicum.direct.actions import may_be_used
from practicum.models import Application, DirectRequest, Offer


class AskForm(OnceMixin, forms.Form):
    """A guest asks for a seat with an application that the leader has said yes to."""

    application = forms.ModelChoiceField(
        label=_("Ansøgning"),
        queryset=Application.objects.none(),
        to_field_name="uuid",
        empty_label=None,
        error_messages={
            "required": _("Vælg en ansøgning."),
            "invalid_choice": _("Vælg en af dine ansøgninger."),
        },
    )
    text = forms.CharField(
        label=_("Til værten"),
        required=False,
        max_length=2000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Værten kan læse din ansøgning. Skriv det, der gælder netop her."),
    )

    def __init__(self, *args: Any, offer: Offer, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Application.objects.of(by).select_related("workplace", "round")
        usable = [row.pk for row in rows if may_be_used(row, offer)]
        field = self.fields["application"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows.filter(pk__in=usable)
        field.label_from_instance = lambda obj: f"{obj.workplace}, {obj.round or _('uden for runderne')}"  # type: ignore[method-assign]
        self.is_possible = bool(usable)
        if len(usable) == 1:
            field.initial = field.queryset[0].uuid
            field.widget = forms.HiddenInput()


class AcceptForm(OnceMixin, forms.Form):
    """The host says yes to days that the guest can."""

    starts_on = forms.TypedChoiceField(
        label=_("Første dag"), error_messages={"required": _("Vælg første dag.")}
    )
    ends_on = forms.TypedChoiceField(
        label=_("Sidste dag"), error_messages={"required": _("Vælg sidste dag.")}
    )

    def __init__(self, *args: Any, request: DirectRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from django.utils import formats
        from django.utils.dateparse import parse_date

        days = sorted(set(request.application.possible_days))
        choices = [(day.isoformat(), formats.date_format(day, "l j. F Y")) for day in days]
        for name in ("starts_on", "ends_on"):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices, field.coerce = choices, parse_date
        length = min(request.offer.days, request.application.days)
        self.fields["starts_on"].initial = days[0].isoformat() if days else ""
        self.fields["ends_on"].initial = days[: max(length, 1)][-1].isoformat() if days else ""


class DeclineForm(OnceMixin, forms.Form):
    """The host says no, and why."""

    reason = forms.CharField(
        label=_("Hvorfor kan det ikke lade sig gøre?"),
        max_length=500,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Gæsten får din begrundelse."),
        error_messages={"required": _("Skriv, hvorfor det ikke kan lade sig gøre.")},
    )


class MessageForm(OnceMixin, forms.Form):
    """Something the two write to each other."""

    text = forms.CharField(
        label=_("Skriv til den anden"),
        max_length=2000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ingen af jer ser den andens mail, før I begge har sagt ja."),
        error_messages={"required": _("Skriv noget.")},
    )


class PlainForm(OnceMixin, forms.Form):
    """A button."""
