"""Rounds and places of Innovationspraktik in admin."""

from __future__ import annotations

import datetime as dt
import operator
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.editing import EditForm
from accounts.staff_admin import StaffAdmin
from editorial.admin_content import ContentAdmin, ContentForm
from editorial.admin_parts import LinkInline, OrderedInline, PictureInline
from editorial.choices import Kind, State
from editorial.models.querysets import TransitionError
from editorial.working_days import is_working_day
from practicum.approving.facts import ASKED, Facts, has_yes
from practicum.choices import SEATED, RoundPhase, SeatWay
from practicum.models import Offer, OfferEntry, Round, Stay
from practicum.offers.showing import span

_WIDGETS: dict[str, Any] = {
    "title": forms.TextInput(attrs={"class": "vLargeTextField"}),
    "summary": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    "subject_areas": forms.CheckboxSelectMultiple,
}
_DECIDED = ["kind", "state", "author", "published_at", "tags", "participants"]
"""Columns that follow the type, the transitions and the fields of their own."""


DATES = {
    "offers_from": gettext_lazy("den dag, værter begynder at slå pladser op"),
    "offers_until": gettext_lazy("den sidste dag for at slå pladser op"),
    "applications_from": gettext_lazy("den dag, gæster begynder at søge"),
    "applications_until": gettext_lazy("den sidste dag for at søge"),
    "answers_until": gettext_lazy("svarfristen"),
    "agreements_until": gettext_lazy("fristen for aftalen"),
    "stays_from": gettext_lazy("opholdenes første dag"),
    "stays_until": gettext_lazy("opholdenes sidste dag"),
}
NOT_BEFORE = (operator.lt, gettext_lazy("Datoen må ikke ligge før %(what)s (%(day)s)."))
AFTER = (operator.le, gettext_lazy("Datoen skal ligge efter %(what)s (%(day)s)."))
NOT_AFTER = (operator.gt, gettext_lazy("Datoen må ikke ligge efter %(what)s (%(day)s)."))
ORDER = (
    ("offers_until", "offers_from", NOT_BEFORE),
    ("applications_from", "offers_from", NOT_BEFORE),
    ("applications_until", "applications_from", NOT_BEFORE),
    ("applications_until", "offers_until", NOT_BEFORE),
    ("seats_move_on", "offers_from", NOT_BEFORE),
    ("seats_move_on", "applications_until", NOT_AFTER),
    ("answers_until", "applications_until", AFTER),
    ("agreements_until", "answers_until", NOT_BEFORE),
    ("stays_from", "agreements_until", NOT_BEFORE),
    ("stays_until", "stays_from", NOT_BEFORE),
    ("evaluation_until", "stays_until", AFTER),
)
"""(date, the date it is held against, what is wrong when they contradict each other), as the database has it."""


class RoundForm(EditForm):
    """A round; what would mislead guests and hosts is said at the date it is about."""

    class Meta:
        model = Round
        fields = "__all__"
        error_messages: ClassVar = {"year": {"unique": gettext_lazy("Der er allerede en runde for det år.")}}

    def clean(self) -> dict[str, Any] | None:
        """Dates follow each other; the common week exists, lies in the year, and among the days of the stays."""
        data = super().clean() or self.cleaned_data
        for name, other, (is_wrong, words) in ORDER:
            day, against = data.get(name), data.get(other)
            if day and against and is_wrong(day, against):
                facts = {"what": DATES[other], "day": formats.date_format(against, "j. F Y")}
                self.add_error(name, words % facts)
        year, week = data.get("year"), data.get("week")
        first, last = data.get("stays_from"), data.get("stays_until")
        if not (year and week and first and last):
            return data
        if first.year != year:
            text = _("Opholdene begynder %(day)s, men runden hedder %(year)s.")
            self.add_error("stays_from", text % {"day": formats.date_format(first, "j. F Y"), "year": year})
            return data
        try:
            monday = dt.date.fromisocalendar(year, week, 1)
        except ValueError:
            self.add_error(
                "week", _("Året %(year)s har ikke en uge %(week)s.") % {"year": year, "week": week}
            )
            return data
        friday = monday + dt.timedelta(days=4)
        if last < monday or first > friday:
            text = _("Uge %(week)s er %(dates)s. Den ligger uden for de dage, hvor opholdene kan ligge.")
            self.add_error("week", text % {"week": week, "dates": span(monday, friday)})
        return data


class RoundPhaseFilter(admin.SimpleListFilter):
    """Where rounds are now, by the database's clock."""

    title = gettext_lazy("fase")
    parameter_name = "fase"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(RoundPhase.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(phase=self.value()) if self.value() in RoundPhase.values else queryset


@admin.register(Round)
class RoundAdmin(StaffAdmin):
    """Rounds: the dates are set here, and the clock does the rest."""

    form = RoundForm
    list_display = [
        "year_shown",
        "phase_shown",
        "offers_from",
        "applications_from",
        "stays_from",
        "offers_shown",
        "is_public",
        "pages_shown",
    ]
    list_filter: ClassVar = [RoundPhaseFilter, "is_public", "is_demo"]
    search_fields: ClassVar = ["=year"]
    search_help_text = gettext_lazy("Søg på årstal.")
    ordering: ClassVar = ["-year"]
    readonly_fields: ClassVar = ["phase_shown", "checks", "pages_shown", "seed"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Round]:
        """With the phase and the number of public places."""
        rows: Any = super().get_queryset(request)
        counted: QuerySet[Round] = rows.with_phase().annotate(
            public_offers=Count("offers", filter=Q(offers__state__in=(State.PUBLISHED, State.ARCHIVED)))
        )
        return counted

    @admin.display(description=gettext_lazy("år"), ordering="year")
    def year_shown(self, obj: Round) -> str:
        """The year without the mark of thousands."""
        return str(obj.year)

    @admin.display(description=gettext_lazy("sider"))
    def pages_shown(self, obj: Round) -> SafeString | str:
        """The pages on which a round is run."""
        if not obj.pk:
            return "–"
        pages = (("dashboard", _("Overblik")), ("matching", _("Parring")))
        links = ((reverse(f"practicum:{name}", args=[obj.year]), label) for name, label in pages)
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    @admin.display(description=gettext_lazy("fase"))
    def phase_shown(self, obj: Round) -> str:
        """The phase, in words."""
        return str(RoundPhase(obj.phase).label) if obj.pk else "–"

    @admin.display(description=gettext_lazy("pladser"), ordering="public_offers")
    def offers_shown(self, obj: Any) -> int:
        """How many places anyone may read, or could while the round went on."""
        number: int = obj.public_offers
        return number

    @admin.display(description=gettext_lazy("se efter"))
    def checks(self, obj: Round) -> SafeString | str:
        """What may be meant, but usually is a slip."""
        found = slips(obj) if obj.pk else []
        if not found:
            return _("Datoerne ser rigtige ud.") if obj.pk else "–"
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((text,) for text in found)))

    def get_fieldsets(self, request: HttpRequest, obj: Round | None = None) -> Any:
        """In the order of the year."""
        may = obj is None or self.has_change_permission(request, obj)
        guards = ["edit_token", "overwrite"] if may else []
        return [
            (
                None,
                {
                    "fields": [
                        *guards,
                        "year",
                        "week",
                        "is_public",
                        *(["phase_shown", "checks", "pages_shown"] if obj else []),
                    ],
                    "description": gettext_lazy(
                        "Alle datoer er danske dage, og den sidste dag tæller helt med. Portalens ur skifter "
                        "fase af sig selv. Runden står på siden »Praktik«, når den vises."
                    ),
                },
            ),
            (gettext_lazy("Værterne"), {"fields": [("offers_from", "offers_until"), "seats_move_on"]}),
            (
                gettext_lazy("Gæsterne"),
                {
                    "fields": [("applications_from", "applications_until"), "answers_until"],
                    "description": gettext_lazy(
                        "Når fristen for at søge er gået, parres gæster og værter. Begge siger ja eller nej "
                        "inden svarfristen."
                    ),
                },
            ),
            (
                gettext_lazy("Opholdene"),
                {"fields": ["agreements_until", ("stays_from", "stays_until"), "evaluation_until"]},
            ),
            (gettext_lazy("Andet"), {"fields": ["seed", "is_demo"], "classes": ["collapse"]}),
        ]

    def after_save(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Say at once what may be a slip: nobody opens the round again to look."""
        super().after_save(request, obj, form, change)
        for text in slips(obj):
            self.message_user(request, _("Se efter: %s") % text, "WARNING")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only what nobody has seen and nothing hangs on."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not (obj.is_public or obj.offers.exists()))


def slips(of: Round) -> list[str]:
    """What staff should look at once more, in whole sentences."""
    found = []
    days = {
        _("Fristen for at slå pladser op"): of.offers_until,
        _("Fristen for at søge"): of.applications_until,
        _("Svarfristen"): of.answers_until,
        _("Fristen for aftalen"): of.agreements_until,
    }
    for what, date in days.items():
        if not is_working_day(date):
            text = _("%(what)s er %(day)s, som ikke er en arbejdsdag.")
            found.append(text % {"what": what, "day": formats.date_format(date, "l j. F Y")})
    monday, friday = of.common_week()
    if of.stays_from > monday or of.stays_until < friday:
        text = _("Opholdene ligger %(stays)s og dækker ikke hele uge %(week)s (%(dates)s).")
        found.append(
            text
            % {"stays": span(of.stays_from, of.stays_until), "week": of.week, "dates": span(monday, friday)}
        )
    others = Round.objects.exclude(pk=of.pk).order_by("year")
    for other in others.filter(
        offers_from__lte=of.applications_until, applications_until__gte=of.offers_from
    ):
        text = _("%(other)s er også åben for pladser eller ansøgninger i den tid (%(dates)s).")
        dates = span(other.offers_from, other.applications_until)
        found.append(text % {"other": other, "dates": dates})
    for other in others.filter(stays_from__lte=of.stays_until, stays_until__gte=of.stays_from):
        text = _("Opholdene falder sammen med opholdene i %(other)s (%(dates)s).")
        dates = span(other.stays_from, other.stays_until)
        found.append(text % {"other": str(other).lower(), "dates": dates})
    outside = Q(starts_on__lt=of.stays_from) | Q(ends_on__gt=of.stays_until)
    if number := of.offers.filter(outside, state=State.PUBLISHED).count():
        text = ngettext(
            "%s praktikplads har dage uden for opholdenes periode.",
            "%s praktikpladser har dage uden for opholdenes periode.",
            number,
        )
        found.append(text % number)
    if number := Stay.objects.filter(outside, round=of, state__in=SEATED).count():
        text = ngettext(
            "%s aftalt eller tilbudt ophold ligger uden for perioden og flytter sig ikke af sig selv.",
            "%s aftalte eller tilbudte ophold ligger uden for perioden og flytter sig ikke af sig selv.",
            number,
        )
        found.append(text % number)
    if (of.applications_until - of.applications_from).days < 13:
        found.append(_("Gæsterne har under to uger til at søge."))
    if (of.answers_until - of.applications_until).days < 13:
        found.append(_("Der er under to uger til at parre og svare."))
    if not of.is_public:
        found.append(_("Runden vises ikke endnu."))
    return found


class OfferForm(ContentForm):
    """A place."""

    class Meta:
        model = Offer
        exclude: ClassVar = [*_DECIDED, "copied_from"]
        widgets: ClassVar = _WIDGETS

    def clean(self) -> dict[str, Any] | None:
        """There is room for everybody who has a seat, and the host's leader has said yes to what is public."""
        data = super().clean() or self.cleaned_data
        if not self.instance.pk or not self.instance.is_public:
            return data
        free = self.instance.seats.free().values("pk")
        taken = self.instance.seats.exclude(pk__in=free)
        for field, way in (("direct_seats", SeatWay.DIRECT), ("round_seats", SeatWay.ROUND)):
            number = taken.filter(way=way).count()
            if data.get(field) is not None and data[field] < number:
                self.add_error(field, ValidationError(_("%s har allerede en af de pladser.") % number))
        if not self.errors:
            self._leader_has_said_yes(data)
        return data

    def _leader_has_said_yes(self, data: dict[str, Any]) -> None:
        """A yes is to so many days and guests on these dates, and counts for nothing else."""
        offer = Offer.objects.get(pk=self.instance.pk)
        asked = Facts.of_offer(offer, {name: data.get(name) for name in ASKED})
        if asked != Facts.of_offer(offer) and not has_yes(offer, asked):
            raise ValidationError(
                _(
                    "Værtens leder har ikke sagt ja til så mange dage eller gæster på de datoer. Bed kontaktpersonen "
                    "om at rette pladsen, så spørger vi lederen."
                )
            )


class OfferEntryInline(OrderedInline):
    """Entries that can be seen in practice."""

    model = OfferEntry
    fields: ClassVar = ["entry", "position"]
    autocomplete_fields: ClassVar = ["entry"]


@admin.register(Offer)
class OfferAdmin(ContentAdmin):
    """Places; published by the button, once the host's leader has said yes."""

    form = OfferForm
    list_display = [
        "title",
        "state_shown",
        "owner",
        "municipality",
        "round",
        "days",
        "seats_shown",
        "updated",
    ]
    list_filter: ClassVar = [
        "state",
        ("round", admin.RelatedOnlyFieldListFilter),
        ("subject_areas", admin.RelatedFieldListFilter),
        "is_demo",
    ]
    list_select_related: ClassVar = ["owner", "municipality", "round"]
    search_fields: ClassVar = ["title", "summary", "slug", "owner__name", "owner__aliases__name"]
    search_help_text = gettext_lazy("Søg i titel, resumé og arbejdsplads.")
    ordering: ClassVar = ["-updated_at", "-pk"]
    inlines: ClassVar = [OfferEntryInline, PictureInline, LinkInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        """With how many seats are free."""
        rows: Any = super().get_queryset(request)
        counted: QuerySet[Offer] = rows.with_seats()
        return counted

    @admin.display(description=gettext_lazy("ledige pladser"))
    def seats_shown(self, obj: Offer) -> str:
        """»1 af 3«; before it is public, how many there are to be."""
        if not obj.seats_free + obj.seats_taken:
            return str(obj.seats_wanted)
        return _("%(free)s af %(all)s") % {"free": obj.seats_free, "all": obj.seats_free + obj.seats_taken}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Texts are high enough; subject areas and rounds are not made here."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in Offer.TEXTS:
            field.widget.attrs["rows"] = 5
        if field is not None and db_field.name in ("subject_areas", "round"):
            field.widget.can_add_related = False
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The type decides the kind."""
        obj.kind = Kind.OFFER
        super().save_model(request, obj, form, change)

    def after_save(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The seats of a public place follow what was saved."""
        super().after_save(request, obj, form, change)
        if obj.is_public and {"direct_seats", "round_seats"} & set(form.changed_data):
            try:
                obj.arrange_seats()
            except (
                TransitionError
            ) as error:  # somebody got a seat while it was saved; there is room, so nothing breaks
                self.message_user(request, " ".join(error.messages), "ERROR")

    def get_fieldsets(self, request: HttpRequest, obj: Offer | None = None) -> Any:
        """What a guest sees first; state last."""
        may = obj is None or self.has_change_permission(request, obj)
        shown = (
            ["state_shown", "decisions_link", "author", "published_at", "created_at", "updated_at"]
            if obj
            else []
        )
        guards = ["edit_token", "overwrite"] if may else []
        fieldsets: list[Any] = [
            (
                None,
                {
                    "fields": [
                        *guards,
                        "title",
                        "summary",
                        "owner",
                        "subject_areas",
                        "chosen_tags",
                        "new_tags",
                    ]
                },
            ),
            (gettext_lazy("Besøget"), {"fields": ["programme", "suits", "hopes"]}),
            (
                gettext_lazy("Hvornår og hvor mange"),
                {
                    "fields": [
                        "round",
                        "days",
                        ("starts_on", "ends_on"),
                        "is_flexible",
                        ("direct_seats", "round_seats"),
                    ],
                    "description": gettext_lazy(
                        "Ændrer du dage, datoer eller antal, når værtens leder har sagt ja, skal lederen spørges igen."
                    ),
                },
            ),
            (
                gettext_lazy("Det praktiske"),
                {"fields": ["confidentiality", "certificates", "accessibility", "remote", "meeting_place"]},
            ),
            (
                gettext_lazy("Sted"),
                {"fields": ["municipality", ("lat", "lng"), "region", "sectors", "is_demo", "external_id"]},
            ),
            (gettext_lazy("Adresse og tilstand"), {"fields": ["slug", *shown], "classes": ["collapse"]}),
        ]
        return fieldsets if may or obj is None else self._readable(fieldsets, obj)
