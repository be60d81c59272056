"""What a contact person writes who wants their workplace to ask something."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from editorial.widgets import DayInput, MomentInput
from guards.cpr import refuse_cpr
from guards.once import OnceMixin
from ideastorm.choices import Access, AuthorsShown, Moderation
from ideastorm.models import Storm
from places.models import MembershipState, Workplace
from places.permissions import workplaces_of

CRITERIA = 4
"""Criteria that can be written here; in admin there may be more."""
MOST_TAGS = 12
TIMES = ("opens_at", "closes_at", "support_until")


def _moment(label: Any, help_text: Any, missing: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, help_text=help_text, widget=MomentInput(),
        error_messages={"required": missing, "invalid": _("Skriv dag og klokkeslæt, f.eks. 2027-03-01 09:00.")},
    )  # fmt: skip


class AskForm(OnceMixin, forms.Form):
    """A storm as a workplace sets it up. `storm_fields()` is what the storm holds."""

    workplace = forms.ModelChoiceField(
        label=_("Den arbejdsplads, der spørger"), queryset=Workplace.objects.none(), to_field_name="slug",
        empty_label=None, error_messages={"required": _("Vælg den arbejdsplads, der spørger.")},
    )  # fmt: skip
    title = forms.CharField(
        label=_("Emnet med få ord"), max_length=120, validators=[refuse_cpr],
        help_text=_("F.eks. »Breve, man forstår«."), error_messages={"required": _("Skriv emnet.")},
    )  # fmt: skip
    question = forms.CharField(
        label=_("Spørgsmålet"), max_length=200, validators=[refuse_cpr],
        help_text=_("Det, I gerne vil vide, som ét spørgsmål."),
        error_messages={"required": _("Skriv det spørgsmål, I stiller.")},
    )  # fmt: skip
    summary = forms.CharField(
        label=_("Kort om det"), max_length=500, validators=[refuse_cpr], widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("En eller to sætninger: hvem kan hjælpe, og hvad med?"),
        error_messages={"required": _("Skriv en eller to sætninger om det.")},
    )  # fmt: skip
    background = forms.CharField(
        label=_("Baggrund"), required=False, max_length=20_000, validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 5}), help_text=_("Hvorfor spørger I, og hvad kan der ikke ændres?"),
    )  # fmt: skip
    answerer = forms.ModelChoiceField(
        label=_("Den, der svarer på hver idé"), queryset=User.objects.none(), to_field_name="key", empty_label=None,
        help_text=_("Den, der ejer spørgsmålet. Navnet vises på siden."),
        error_messages={"required": _("Vælg, hvem der svarer.")},
    )  # fmt: skip
    deputy = forms.ModelChoiceField(
        label=_("Stedfortræder"), queryset=User.objects.none(), to_field_name="key",
        empty_label=_("Vælg en kollega"), error_messages={"required": _("Vælg en stedfortræder.")},
        help_text=_(
            "Svarer, når den første ikke kan. Er din kollega ikke på listen, så bed dem om at få en rolle på "
            "arbejdspladsens side først."
        ),
    )  # fmt: skip
    access = forms.ChoiceField(
        label=_("Hvem kan være med?"), choices=Access.choices, widget=forms.RadioSelect
    )
    moderation = forms.ChoiceField(
        label=_("Hvornår læser redaktionen ideerne?"), choices=Moderation.choices, widget=forms.RadioSelect
    )
    authors_shown = forms.ChoiceField(
        label=_("Hvad vises om dem, der skriver?"), choices=AuthorsShown.choices, widget=forms.RadioSelect
    )
    opens_at = _moment(_("Åbner for ideer"), "", _("Skriv, hvornår I åbner."))
    closes_at = _moment(
        _("Lukker for ideer"), _("Fra dette minut er der lukket."), _("Skriv, hvornår I lukker for ideer.")
    )
    support_while_open = forms.BooleanField(
        label=_("Man kan støtte ideerne, mens der stadig kommer nye"), required=False
    )
    support_until = _moment(
        _("Lukker for støtte og kommentarer"), _("Tidligst når der er lukket for ideer."),
        _("Skriv, hvornår I lukker for støtte."),
    )  # fmt: skip
    promised_on = forms.DateField(
        label=_("I lover svar senest"), widget=DayInput(),
        help_text=_("Kan ikke flyttes, når der er åbnet. Efter den dag står det på siden, at svarene er forsinkede."),
        error_messages={
            "required": _("Skriv den dag, alle har fået svar."), "invalid": _("Skriv en dag, f.eks. 2027-05-01."),
        },
    )  # fmt: skip
    tags = forms.CharField(
        label=_("Emner, ideerne kan sorteres i"), required=False, max_length=400, validators=[refuse_cpr],
        help_text=_("Med komma imellem, f.eks. »breve, telefon, ventetid«."),
    )  # fmt: skip
    message = forms.CharField(
        label=_("Til redaktionen"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Vises ikke."),
    )  # fmt: skip

    def __init__(self, *args: Any, by: User, storm: Storm | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": _initial(storm, by)} | kwargs)
        self.storm = storm
        places = workplaces_of(by).active().order_by("sort_key")  # type: ignore[attr-defined]
        people = User.objects.filter(
            is_active=True, memberships__workplace__in=places, memberships__state=MembershipState.ACTIVE
        ).distinct()
        self._choices("workplace").queryset = places
        for name in ("answerer", "deputy"):
            self._choices(name).queryset = people.order_by("name", "pk")
            self._choices(name).label_from_instance = _called  # type: ignore[method-assign]
        for n in range(1, CRITERIA + 1):
            self.fields[f"criterion_{n}"] = forms.CharField(
                label=_("Kriterium %s") % n, required=False, max_length=80, validators=[refuse_cpr],
                help_text=_("F.eks. »Gør en forskel for mange«.") if n == 1 else "",
            )  # fmt: skip
            self.fields[f"weight_{n}"] = forms.IntegerField(
                label=_("Vægt af kriterium %s") % n, required=False, min_value=0, max_value=100,
                help_text=_("Et tal fra 0 til 100.") if n == 1 else "",
                error_messages={
                    "invalid": _("Skriv et helt tal."), "min_value": _("Vægten er et tal fra 0 til 100."),
                    "max_value": _("Vægten er et tal fra 0 til 100."),
                },
            )  # fmt: skip

    def _choices(self, name: str) -> forms.ModelChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        return field

    @property
    def criteria_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each criterion with its weight, for the page."""
        return [(self[f"criterion_{n}"], self[f"weight_{n}"]) for n in range(1, CRITERIA + 1)]

    def criteria(self) -> list[tuple[str, int]]:
        """What was written of criteria: title and weight."""
        data = self.cleaned_data
        rows = [
            (data.get(f"criterion_{n}", "").strip(), data.get(f"weight_{n}")) for n in range(1, CRITERIA + 1)
        ]
        return [(title, 1 if weight is None else weight) for title, weight in rows if title]

    def tag_names(self) -> list[str]:
        """The tags that were written, each once."""
        names = (" ".join(name.split()) for name in self.cleaned_data["tags"].split(","))
        return list(dict.fromkeys(filter(None, names)))

    def clean_opens_at(self) -> Any:
        """Not in the past: people need to hear of it first."""
        moment = self.cleaned_data["opens_at"]
        if moment <= timezone.now():
            raise ValidationError(_("Vælg et tidspunkt, der ikke er gået."))
        return moment

    def clean_tags(self) -> str:
        """Not too many, each short."""
        text: str = self.cleaned_data["tags"]
        names = [name.strip() for name in text.split(",")]
        if len(names) > MOST_TAGS:
            raise ValidationError(_("Skriv højst %s emner.") % MOST_TAGS)
        if any(len(name) > 40 for name in names):
            raise ValidationError(_("Et emne er højst 40 tegn."))
        return text

    def clean(self) -> dict[str, Any] | None:
        """What must hold between the fields, said at the field. The database holds the same."""
        cleaned = super().clean()
        data = self.cleaned_data
        opens, closes, until = (data.get(name) for name in TIMES)
        promised = data.get("promised_on")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("Luk for ideer, efter at der er åbnet."))
        if closes and until and until < closes:
            self.add_error("support_until", _("Luk tidligst for støtte, når der er lukket for ideer."))
        if until and promised and promised < timezone.localdate(until):
            self.add_error("promised_on", _("Svarene kan tidligst loves til den dag, der lukkes for støtte."))
        place = data.get("workplace")
        for name in ("answerer", "deputy"):
            person = data.get(name)
            if place and person and not _works_at(person, place):
                self.add_error(name, _("Vælg en, der har en rolle på %s.") % place.name)
        if data.get("deputy") and data.get("deputy") == data.get("answerer"):
            self.add_error("deputy", _("Stedfortræderen skal være en anden end den, der svarer."))
        self._clean_criteria()
        return cleaned

    def _clean_criteria(self) -> None:
        rows = self.criteria()
        if not any(f"criterion_{n}" in self.errors for n in range(1, CRITERIA + 1)) and not any(
            weight for _title, weight in rows
        ):
            self.add_error("criterion_1", _("Skriv mindst ét kriterium med en vægt over 0."))
        titles = [title.lower() for title, _weight in rows]
        for n in range(2, CRITERIA + 1):
            title = self.cleaned_data.get(f"criterion_{n}", "").strip().lower()
            if title and titles.count(title) > 1:
                self.add_error(f"criterion_{n}", _("Kriteriet står der allerede."))

    def storm_fields(self) -> dict[str, Any]:
        """What the storm holds, as keyword arguments of the model."""
        names = (
            "title", "question", "summary", "background", "answerer", "deputy", "access", "moderation",
            "authors_shown", "opens_at", "closes_at", "support_until", "support_while_open", "promised_on",
        )  # fmt: skip
        return {"owner": self.cleaned_data["workplace"], **{name: self.cleaned_data[name] for name in names}}


def _called(obj: Any) -> str:
    return str(obj.name or gettext("Uden navn"))


def _works_at(person: User, place: Workplace) -> bool:
    return bool(person.memberships.filter(workplace=place, state=MembershipState.ACTIVE).exists())


def _initial(storm: Storm | None, by: User) -> dict[str, Any]:
    if storm is None:
        return {
            "answerer": by.key, "access": Access.ANYONE, "moderation": Moderation.BEFORE,
            "authors_shown": AuthorsShown.CHOSEN, "support_while_open": True,
        }  # fmt: skip
    names = (
        "title", "question", "summary", "background", "access", "moderation", "authors_shown", *TIMES,
        "support_while_open", "promised_on",
    )  # fmt: skip
    values: dict[str, Any] = {name: getattr(storm, name) for name in names}
    for n, criterion in enumerate(storm.criteria.all()[:CRITERIA], 1):
        values |= {f"criterion_{n}": criterion.title, f"weight_{n}": criterion.weight}
    return values | {
        "workplace": storm.owner.slug if storm.owner else None,
        "answerer": storm.answerer.key if storm.answerer else None,
        "deputy": storm.deputy.key if storm.deputy else None,
        "tags": ", ".join(storm.tags.names()),
    }
