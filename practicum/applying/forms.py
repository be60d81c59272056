"""What a guest writes: where they work, the application, the leader's address, and that they take it back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from editorial.models import SubjectArea
from editorial.widgets import DayInput
from guards.cpr import refuse_cpr
from guards.once import OnceMixin
from places.models import Municipality, Workplace
from places.permissions import NOT_PUBLIC, domain_rows, employers_of
from practicum.applying import days
from practicum.choices import ApplicationState, Certificate
from practicum.models import MOST_DAYS, Application

WEEKDAYS = (
    ("1", _("mandag")), ("2", _("tirsdag")), ("3", _("onsdag")), ("4", _("torsdag")), ("5", _("fredag")),
    ("6", _("lørdag")), ("7", _("søndag")),
)  # fmt: skip


def employers(user: User) -> QuerySet[Workplace]:
    """The public workplaces where the user has an active role."""
    rows = employers_of(user).filter(closed_on__isnull=True).exclude(sector__in=NOT_PUBLIC)
    return rows.order_by("sort_key")


class WorkplaceMixin(forms.Form):
    """Where the guest works: one of their workplaces; who has none there writes its name."""

    workplace_name = forms.CharField(
        label=_("Din arbejdsplads"),
        max_length=160,
        widget=forms.TextInput(attrs={"list": "workplaces", "autocomplete": "organization"}),
        help_text=_("Skriv navnet, som det står på portalen. Din leder skal have en mailadresse dér."),
        error_messages={"required": _("Skriv, hvor du arbejder.")},
    )
    workplace = forms.ModelChoiceField(
        label=_("Din arbejdsplads"),
        queryset=Workplace.objects.none(),
        to_field_name="slug",
        empty_label=None,
        help_text=_("Det er din leder dér, vi spørger."),
        error_messages={
            "required": _("Vælg, hvor du arbejder."),
            "invalid_choice": _("Vælg en af dine arbejdspladser."),
        },
    )

    def narrow_workplace(self, by: User) -> None:
        """One of the two fields, and the suggestions for the one that is written in."""
        rows = employers(by)
        self.suggested: list[str] = []
        if rows.exists():
            del self.fields["workplace_name"]
            self.fields["workplace"].queryset = rows  # type: ignore[attr-defined]
            return
        del self.fields["workplace"]
        named = Workplace.objects.filter(pk__in=domain_rows(by).values("workplace")).exclude(
            sector__in=NOT_PUBLIC
        )
        self.suggested = list(named.order_by("sort_key").values_list("name", flat=True)[:20])

    def clean_workplace_name(self) -> str:
        """The one public workplace of that name."""
        name = " ".join(self.cleaned_data["workplace_name"].split())
        two = list(Workplace.objects.active().exclude(sector__in=NOT_PUBLIC).named(name)[:2])
        if len(two) != 1:
            raise ValidationError(
                _(
                    "Der er flere arbejdspladser med det navn. Få en rolle på din under Min side, så kan du vælge den."
                )
                if two
                else _("Vi kender ikke en offentlig arbejdsplads med det navn. Se efter, hvordan den staves.")
            )
        self.found = two[0]
        return name

    @property
    def chosen_workplace(self) -> Workplace:
        """What was chosen or written, after is_valid()."""
        chosen: Workplace = self.cleaned_data.get("workplace") or self.found
        return chosen


class WishForm(OnceMixin, WorkplaceMixin, forms.Form):
    """The button that wishes for a place. It asks where the guest works when an application is begun with it."""

    def __init__(self, *args: Any, by: User, is_begun: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggested = []
        if is_begun:
            del self.fields["workplace_name"], self.fields["workplace"]
        else:
            self.narrow_workplace(by)


class ApplicationForm(WorkplaceMixin, forms.Form):
    """The application. While it is a draft, anything may still be missing; what was sent stays whole."""

    motivation = forms.CharField(
        label=_("Derfor søger jeg"),
        max_length=3000,
        required=False,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Hvad arbejder du med, og hvad vil du gerne se? Værten læser det."),
    )
    brings_home = forms.CharField(
        label=_("Det vil jeg tage med hjem"),
        max_length=2000,
        required=False,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Hvad skal din egen arbejdsplads have ud af, at du er væk et par dage?"),
    )
    gives = forms.CharField(
        label=_("Det kan jeg give"),
        max_length=2000,
        required=False,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("F.eks. en fortælling om, hvordan I selv gør."),
    )
    subject_areas = forms.ModelMultipleChoiceField(
        label=_("Fagområder"),
        queryset=SubjectArea.objects.order_by("sort_key"),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Det, du arbejder med eller gerne vil se. Fagområderne tæller med, når gæster og værter parres."
        ),
        error_messages={"invalid_choice": _("Et af fagområderne findes ikke. Vælg dem igen.")},
    )
    days = forms.IntegerField(
        label=_("Så mange dage kan jeg være væk"),
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_("Fra 1 til 10. Et ophold kan være kortere, aldrig længere."),
        error_messages={
            "required": _("Skriv et antal dage fra 1 til 10."),
            "invalid": _("Skriv et antal dage fra 1 til 10."),
            "min_value": _("Et ophold varer mindst 1 dag."),
            "max_value": _("Et ophold varer højst 10 dage."),
        },
    )
    possible_days = forms.MultipleChoiceField(
        label=_("De dage kan jeg"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sæt gerne flere kryds, end du skal bruge. Så er der flere pladser, der passer."),
        error_messages={"invalid_choice": _("En af dagene ligger uden for runden. Vælg dem igen.")},
    )
    first_day = forms.DateField(
        label=_("Jeg kan fra"),
        required=False,
        widget=DayInput(),
        error_messages={"invalid": _("Skriv en dato, f.eks. 13.09.2027.")},
    )
    last_day = forms.DateField(
        label=_("Til og med"),
        required=False,
        widget=DayInput(),
        error_messages={"invalid": _("Skriv en dato, f.eks. 17.09.2027.")},
    )
    weekdays = forms.MultipleChoiceField(
        label=_("På de ugedage"),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        initial=["1", "2", "3", "4", "5"],
    )
    municipality = forms.ModelChoiceField(
        label=_("Jeg rejser fra"),
        queryset=Municipality.objects.all(),
        required=False,
        empty_label=_("Vælg en kommune"),
    )
    travel_km = forms.IntegerField(
        label=_("Jeg rejser højst, km"),
        required=False,
        min_value=1,
        max_value=600,
        help_text=_("I luftlinje. Lad feltet stå tomt, hvis det kan være hele landet."),
        error_messages={
            name: _("Skriv et antal kilometer fra 1 til 600, eller lad feltet stå tomt.")
            for name in ("invalid", "min_value", "max_value")
        },
    )
    certificates = forms.MultipleChoiceField(
        label=_("Attester, jeg har eller kan få"),
        choices=Certificate.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nogle værter skal se en attest, før du møder børn eller borgere. Send den ikke hertil."),
    )
    again = forms.BooleanField(
        label=_(
            "Jeg ved, at min leder skal sige ja igen, hvis dagene er andre end dem, lederen er spurgt om"
        ),
        required=False,
        help_text=_("Så sender vi din leder et nyt spørgsmål, og ansøgningen venter, til der er et ja."),
    )

    NEEDED = ("motivation", "possible_days", "first_day", "last_day")
    COPIED = ("motivation", "brings_home", "gives", "days", "municipality", "travel_km", "certificates")
    """Fields that the application holds as they stand here."""

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        self.application = application
        super().__init__(*args, **{"initial": self._initial(application)} | kwargs)
        for name in self.NEEDED:  # they may be missing for now, but are not voluntary
            self.fields[name].one_of_several = True  # type: ignore[attr-defined]
        is_draft = application.state == ApplicationState.DRAFT
        if is_draft:
            del self.fields["again"]
            self.narrow_workplace(application.guest)
        else:  # the leader of this very workplace has been asked
            del self.fields["workplace_name"], self.fields["workplace"]
            self.suggested = []
        if application.round is None:
            del (
                self.fields["possible_days"],
                self.fields["subject_areas"],
            )  # nobody is put together outside rounds
        else:
            for name in ("first_day", "last_day", "weekdays"):
                del self.fields[name]
            shown = days.window(application.round, application.possible_days)
            self.fields["possible_days"].choices = [  # type: ignore[attr-defined]
                (day.isoformat(), days.said(day)) for day in shown
            ]

    @staticmethod
    def _initial(row: Application) -> dict[str, Any]:
        chosen = sorted(row.possible_days)
        values: dict[str, Any] = {name: getattr(row, name) for name in ApplicationForm.COPIED}
        values |= {
            "subject_areas": list(row.subject_areas.values_list("slug", flat=True)),
            "possible_days": [day.isoformat() for day in chosen],
            "workplace": row.workplace.slug,
            "workplace_name": row.workplace.name,
        }
        if chosen:
            values |= {
                "first_day": chosen[0],
                "last_day": chosen[-1],
                "weekdays": sorted({str(day.isoweekday()) for day in chosen}),
            }
        return values

    def clean_workplace_name(self) -> str:
        """As it stands, it stands: also where two have the name."""
        if self.cleaned_data["workplace_name"].strip() == self.application.workplace.name:
            self.found = self.application.workplace
            return self.found.name
        return super().clean_workplace_name()

    def clean(self) -> dict[str, Any] | None:
        """The days together; what was sent stays whole; nobody visits their own workplace."""
        cleaned = super().clean()
        data = self.cleaned_data
        self.chosen_days: list[dt.date] = [
            dt.date.fromisoformat(text) for text in data.get("possible_days", [])
        ]
        if "first_day" in data and "last_day" in data:
            self._clean_period(data["first_day"], data["last_day"])
        is_draft = self.application.state == ApplicationState.DRAFT
        if not is_draft and not data.get("motivation", "").strip() and "motivation" not in self.errors:
            self.add_error("motivation", ValidationError(_("Skriv, hvorfor du søger.")))
        field = "possible_days" if "possible_days" in self.fields else "first_day"
        wanted = data.get("days")
        if not is_draft and field not in self.errors and wanted and len(self.chosen_days) < wanted:
            self.add_error(
                field,
                ValidationError(ngettext("Vælg mindst %s dag.", "Vælg mindst %s dage.", wanted) % wanted),
            )
        if ("workplace" in data or hasattr(self, "found")) and self._is_wished(self.chosen_workplace):
            name = "workplace" if "workplace" in self.fields else "workplace_name"
            self.add_error(
                name, ValidationError(_("Du ønsker en plads på den arbejdsplads. Fjern det ønske først."))
            )
        return cleaned

    def _clean_period(self, first: dt.date | None, last: dt.date | None) -> None:
        if bool(first) != bool(last):
            name = "last_day" if first else "first_day"
            self.add_error(name, ValidationError(_("Skriv både den første og den sidste dag.")))
        if not (first and last):
            return
        if last < first:
            self.add_error("last_day", ValidationError(_("Den sidste dag ligger før den første.")))
            return
        if (last - first).days > 4 * days.MOST:
            self.add_error("last_day", ValidationError(_("Vælg et tidsrum på højst et år.")))
            return
        chosen = [int(text) for text in self.cleaned_data.get("weekdays", [])]
        self.chosen_days = days.between(first, last, chosen)
        if not self.chosen_days:
            self.add_error("weekdays", ValidationError(_("Vælg mindst én ugedag i tidsrummet.")))
        elif len(self.chosen_days) > days.MOST:
            self.add_error(
                "last_day",
                ValidationError(_("Det er flere end 100 dage. Vælg et kortere tidsrum eller færre ugedage.")),
            )

    def _is_wished(self, workplace: Workplace) -> bool:
        return self.application.wishes.filter(offer__owner=workplace).exists()

    def application_fields(self) -> dict[str, Any]:
        """What the application holds, for Application.change."""
        data = self.cleaned_data
        found = {name: data[name] for name in self.COPIED}
        found["possible_days"] = self.chosen_days
        if "subject_areas" in data:
            found["subject_areas"] = list(data["subject_areas"])
        if self.application.state == ApplicationState.DRAFT:
            found["workplace"] = self.chosen_workplace
        return found


class SendForm(OnceMixin, forms.Form):
    """The leader's address, and that the guest knows what is sent."""

    email = forms.EmailField(
        label=_("Din leders e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "Adressen på arbejdspladsen. Vi bruger den kun til at spørge, og den bliver ikke vist for andre."
        ),
        error_messages={
            "required": _("Skriv din leders e-mail."),
            "invalid": _("Skriv en e-mail, f.eks. navn@kommune.dk."),
        },
    )
    consent = forms.BooleanField(
        label=_("I må vise min ansøgning for min leder og for de værter, jeg ønsker at besøge"),
        help_text=_(
            "Din leder ser, hvem du er, hvor du søger, og hvilke dage. Værterne ser det, du har skrevet, din "
            "arbejdsplads og dine dage – først når din leder har sagt ja, og hverken dit navn, din e-mail eller "
            "rækkefølgen af dine ønsker."
        ),
        error_messages={"required": _("Sæt kryds, hvis vi må. Ellers kan vi ikke sende den.")},
    )
