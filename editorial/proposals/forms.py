"""A step as a form: made from the steps of its kind, filled from the parts, and giving parts back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from editorial.proposals.fields import ask, form_name
from editorial.proposals.kinds import PROPOSED, Choice, Parts, Step
from editorial.proposals.rows import Rows
from editorial.proposals.workplaces import label_of
from guards.cpr import refuse_cpr
from guards.once import OnceMixin
from places.models import Workplace

CONTACT = ("contact_name", "contact_role", "contact_email", "contact_phone", "contact_consent")
Raw = dict[str, list[str]]


class ContactFields(forms.Form):
    """Who can answer questions. Kept apart from the rest; shown only with consent."""

    contact_name = forms.CharField(
        label=_("Hvem kan svare på spørgsmål?"), max_length=120, required=False, validators=[refuse_cpr],
        help_text=_("Navn. Vi viser det kun, når personen har sagt ja."),
        widget=forms.TextInput(attrs={"class": "coi-wide"}),
    )  # fmt: skip
    contact_role = forms.CharField(label=_("Titel eller rolle"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("Arbejdsmail"), required=False)
    contact_phone = forms.CharField(label=_("Telefon på arbejdet"), max_length=30, required=False)
    contact_consent = forms.BooleanField(
        label=_("Personen har sagt ja til at stå på siden med navn, mail og telefon"), required=False,
        help_text=_("Uden ja gemmer vi det kun til redaktionen. Et ja kan altid tages tilbage."),
    )  # fmt: skip


class StepForm(forms.Form):
    """The fields of one step, without its rows."""

    def __init__(self, data: Any, *, step: Step, kind: str, parts: Parts, strict: bool) -> None:
        self.step, self.kind, self.strict, self.before = step, kind, strict, parts
        super().__init__(data, initial=_initial(parts, step), use_required_attribute=False)
        for part in step.names:
            if part == "pictures":
                continue
            if part == "contact":
                if "contact" in parts:
                    self.fields.update(ContactFields.base_fields)
                continue
            self.fields[form_name(part)] = ask(part, kind=kind)
        for question in step.questions:
            self.fields[question] = PROPOSED[kind].fields[question]("", "")
        for field in () if strict else self.fields.values():
            field.one_of_several = False  # type: ignore[attr-defined]

    def _bound(self, parts: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for part in parts if (name := form_name(part)) in self.fields]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """What stands open."""
        return self._bound(self.step.fields)

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """What is folded away."""
        return self._bound(self.step.more)

    @property
    def more_is_open(self) -> bool:
        """Whether something in it is filled or wrong."""
        return any(bound.errors or bound.value() not in (None, "", [], False) for bound in self.more_fields)

    @property
    def contact_fields(self) -> list[forms.BoundField]:
        """Whom to ask, where the step asks it."""
        return [self[name] for name in CONTACT if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """What must hold between fields; the same as the database demands, said where it can be mended."""
        data = super().clean() or self.cleaned_data
        if data.get("year_from") and data.get("year_to") and data["year_to"] < data["year_from"]:
            self.add_error("year_to", _("Slutåret skal være det samme som startåret eller senere."))
        if data.get("municipality") and data.get("region"):
            self.add_error("region", _("Vælg enten kommune eller region. Regionen følger kommunen."))
        if check := PROPOSED[self.kind].check:
            check(self, data)
        if data.get("contact_consent") and not data.get("contact_name"):
            self.add_error("contact_name", _("Skriv, hvem der har sagt ja."))
        if (data.get("contact_email") or data.get("contact_phone")) and not data.get("contact_name"):
            self.add_error("contact_name", _("Skriv, hvem det er."))
        return data

    def parts(self) -> Parts:
        """What was written, as parts; call only when valid."""
        found: Parts = {}
        for part in self.step.names:
            name = form_name(part)
            if name not in self.cleaned_data:
                continue
            value = self.cleaned_data[name]
            if part.endswith("_id"):
                value = getattr(value, "pk", value) or None
            elif part in ("tags", "subject_areas"):
                value = sorted(value)
            found[part] = value
        if "contact_name" in self.cleaned_data:
            found["contact"] = {name: self.cleaned_data[name] for name in CONTACT}
        return found


def _initial(parts: Parts, step: Step) -> dict[str, Any]:
    found = {form_name(part): parts.get(part) for part in step.names if part != "pictures"}
    return found | (parts.get("contact") or {})


class Page:
    """A step with its rows: empty, as stored, as typed (`data`), quiet about errors or not."""

    def __init__(
        self, step: Step, *, kind: str, parts: Parts, strict: bool, data: Any = None,
        quiet: bool = False,
    ) -> None:  # fmt: skip
        self.step = step
        self.form = StepForm(data, step=step, kind=kind, parts=parts, strict=strict)
        names = [*step.rows, *(["pictures"] if "pictures" in step.fields else [])]
        self.rows = {name: Rows(name, data, _rows_of(parts, name)) for name in names}
        if quiet and data is not None:
            self.form.full_clean()
            self.form._errors = forms.utils.ErrorDict()  # type: ignore[attr-defined]
            for rows in self.rows.values():
                rows.quiet()

    @property
    def other_rows(self) -> list[Rows]:
        """The rows that are not pictures."""
        return [rows for name, rows in self.rows.items() if name != "pictures"]

    @property
    def pictures(self) -> Rows | None:
        """The pictures, where the step asks for them."""
        return self.rows.get("pictures")

    @property
    def all_forms(self) -> list[forms.BaseForm]:
        """For the summary of errors."""
        return [self.form, *(form for rows in self.rows.values() for form in rows.forms)]

    def __iter__(self) -> Iterator[forms.BoundField]:
        """All fields, so that the summary of errors reads a page as it reads a form."""
        return (bound for form in self.all_forms for bound in form)

    @property
    def is_bound(self) -> bool:
        """Whether it holds what somebody typed."""
        return self.form.is_bound

    @property
    def has_errors(self) -> bool:
        """Whether something in it is wrong, and is said."""
        return any(form.is_bound and form.errors for form in self.all_forms)

    def non_field_errors(self) -> list[str]:
        """What is wrong with the whole."""
        return [str(error) for form in self.all_forms for error in form.non_field_errors()]

    def is_valid(self) -> bool:
        """Whether all of it is."""
        return all([self.form.is_valid(), *[rows.is_valid() for rows in self.rows.values()]])

    def parts(self) -> Parts:
        """Everything of the step as parts; call only when valid."""
        return {**self.form.parts(), **{name: rows.values() for name, rows in self.rows.items()}}

    def raw(self) -> Raw:
        """The stored values as a browser would send them: so what is stored is checked by the same rules."""
        found: Raw = {}
        for form in self.all_forms:
            for bound in form:
                if (values := _sent(bound)) is not None:
                    found[bound.html_name] = values
        for name, rows in self.rows.items():
            found[f"{name}-n"] = [str(len(rows.forms))]
        return found


def _rows_of(parts: Parts, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parts.get(name) or []
    if name != "participations":
        return rows
    found = Workplace.objects.with_place().in_bulk([row["workplace_id"] for row in rows])
    return [
        {**row, "workplace": label_of(found[row["workplace_id"]]) if row["workplace_id"] in found else ""}
        for row in rows
    ]


def _sent(bound: forms.BoundField) -> list[str] | None:
    value = bound.field.prepare_value(bound.value())
    widget = bound.field.widget
    if value in (None, ""):
        return None
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else None
    if isinstance(value, list | tuple):
        return [str(v) for v in value] or None
    if isinstance(widget, forms.Select | forms.RadioSelect):
        return [str(value)]
    return [str(widget.format_value(value))]


def typed(raw: Raw) -> MultiValueDict[str, str]:
    """Kept text as a form takes it."""
    return MultiValueDict({name: list(values) for name, values in raw.items()})


class StartForm(OnceMixin, forms.Form):
    """What it is about."""

    kind = forms.ChoiceField(
        label=_("Hvad vil du fortælle om?"), widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, hvad du vil fortælle om.")},
    )  # fmt: skip

    def __init__(self, data: Any, *, choices: Sequence[Choice], initial: str) -> None:
        keys = [choice.key for choice in choices]
        super().__init__(data, initial={"kind": initial if initial in keys else keys[0]})
        self.fields["kind"].choices = [(choice.key, choice.label) for choice in choices]  # type: ignore[attr-defined]


class SendForm(OnceMixin, forms.Form):
    """What somebody writes to the editors with it."""

    answer = forms.CharField(
        label=_("Besked til redaktionen"), required=False, max_length=4000, validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For eksempel en arbejdsplads, du ikke kunne finde. Beskeden vises ikke på siden."),
    )  # fmt: skip

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """What a kind asks beside it; see Sending."""
        return [bound for bound in self if not bound.is_hidden and bound.name != "answer"]


class WithdrawalForm(OnceMixin, forms.Form):
    """Why something public should go."""

    reason = forms.CharField(
        label=_("Hvorfor skal siden fjernes?"), max_length=4000, validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Skriv kort hvorfor, så vi kan svare hurtigt.")},
        help_text=_("Er kun noget af det forkert, så ret siden i stedet."),
    )  # fmt: skip
