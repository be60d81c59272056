"""What can be proposed in steps: one ProposalKind for each kind of content, given by its area in AppConfig.ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.choices import Kind
from editorial.models import Content
from editorial.similar import Similar, similar

if TYPE_CHECKING:
    from editorial.proposals.forms import SendForm, StepForm
    from editorial.proposals.work import Work

Parts = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One page: its word in the address, heading, lead, and what is asked. `more` is folded away until it is used."""

    key: str
    title: Any
    lead: Any = ""
    fields: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    more_title: Any = ""
    questions: tuple[str, ...] = ()
    """What is asked and not kept as a part: a yes to what looks wrong."""

    @property
    def names(self) -> tuple[str, ...]:
        """All parts that are asked for in fields."""
        return self.fields + self.more

    @property
    def shows_alike(self) -> bool:
        """Whether what looks alike is shown: where the title is written, and where a point is set."""
        return "title" in self.names or self.has_point

    @property
    def names_entries(self) -> bool:
        """Whether an entry of the catalogue is named in it."""
        return bool({"example_id", "same_entry_id"} & set(self.names)) or "seen_entries" in self.rows

    @property
    def has_point(self) -> bool:
        """Whether a point is set in it."""
        return "lat" in self.names


@dataclass(frozen=True)
class Piece:
    """Something that makes a page useful: what it is called, whether it is there, and why others look for it.

    The first that is missing is what its writer is told to do next; one that is `wanted_most` goes before the others.
    """

    title: Any
    filled: Callable[[Parts], bool]
    why: Any = ""
    wanted_most: bool = False


@dataclass(frozen=True)
class Choice:
    """Something one can choose to tell about; `page` is the name of its address, where it has one of its own."""

    key: str
    label: Any
    about: Any
    page: str = ""


def any_of(*names: str) -> Callable[[Parts], bool]:
    """True of parts that hold something under one of the names."""
    return lambda parts: any(parts.get(name) not in ("", None, []) for name in names)


def all_of(*tests: Callable[[Parts], bool]) -> Callable[[Parts], bool]:
    """True of parts of which every test is true."""
    return lambda parts: all(test(parts) for test in tests)


@dataclass(frozen=True)
class Writing:
    """What somebody is writing, as far as it has come: to find what looks alike. Numbers are degrees."""

    kind: str
    title: str
    author: User
    municipality: str = ""
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True)
class Alike:
    """Something public that looks like what is being written, with the reason in a few words."""

    content: Content
    why: str


def alike_by_title(writing: Writing, kinds: Iterable[str]) -> list[Alike]:
    """At most three public rows of `kinds` whose words are like the title, never the writer's own."""
    if len(writing.title.strip()) <= 3:
        return []
    found: list[Similar] = similar(writing.title, kinds=kinds, author=writing.author.pk, limit=3)
    return [Alike(row.content, _("Fælles: %s") % ", ".join(row.shared)) for row in found]


class Sending:
    """What a kind asks, sees to and does when somebody sends; this one asks for nothing but a word to the editors."""

    def form(self, work: Work, data: Any) -> SendForm:
        """What stands above the button."""
        from editorial.proposals.forms import SendForm

        return SendForm(data)

    def guard(self, request: HttpRequest, work: Work, form: SendForm) -> None:
        """Before the transaction, of a form that is valid: limits, and PermissionDenied for who may not send it."""

    def sent(self, work: Work, form: SendForm) -> None:
        """In the transaction that sends it, when it is sent. Raises ValidationError, by field names or for all."""

    def awaited(self, work: Work) -> list[str]:
        """What else is waited for once it is sent, a sentence each, on the page that says what happens next."""
        return []


PLAINLY = Sending()
"""For kinds that ask for nothing more."""


@dataclass(frozen=True)
class ProposalKind:
    """How a kind of content is proposed.

    area      the namespace of its addresses: `<area>:proposal_step`, `<area>:change_step`, …
    model     its model, whose manager has `with_page()`
    steps     its pages, in order; the first one holds title and summary
    pieces    what makes it useful, in the order of the steps
    edit, withdrawal   names of the addresses (with the slug) where what is public is corrected, and asked to be removed
    called    what one is doing, as the line above the steps says it
    about     what it is, for who has to choose
    page      (request, uuid, **more for the template) → its public page, for the preview
    alike     what looks like what is being written
    asked     part → (question, help); else editorial.proposals.fields.ASKED, else the model's own words
    fields    part → a function of question and help that makes the form field, where it isn't the model's
    brief     texts that are answered in three lines
    check     what must hold between the fields of a step: adds errors to the form
    sending   what else is asked and done when it is sent
    """

    area: str
    model: type[Content]
    steps: tuple[Step, ...]
    pieces: tuple[Piece, ...]
    edit: str
    withdrawal: str
    called: Any
    about: Any
    page: Callable[..., HttpResponse]
    alike: Callable[[Writing], list[Alike]]
    asked: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    fields: Mapping[str, Callable[[Any, Any], forms.Field]] = field(default_factory=dict)
    brief: tuple[str, ...] = ()
    check: Callable[[StepForm, Parts], None] | None = None
    sending: Sending = PLAINLY

    def step(self, key: str) -> Step | None:
        """The step with this word in its address."""
        return next((step for step in self.steps if step.key == key), None)


PROPOSED: dict[str, ProposalKind] = {}
"""Kind → how it is proposed; filled by the areas."""


def kinds_of(area: str) -> list[Kind]:
    """What can be proposed in an area, in the order in which it said so."""
    return [Kind(kind) for kind, way in PROPOSED.items() if way.area == area]


def edit_address(content: Content) -> str | None:
    """Where those who may correct it do so; None where only the editors can."""
    way = PROPOSED.get(content.kind)
    return reverse(way.edit, args=[content.slug]) if way and content.slug else None


def withdrawal_address(content: Content) -> str | None:
    """Where they ask the editors to take it off."""
    way = PROPOSED.get(content.kind)
    return reverse(way.withdrawal, args=[content.slug]) if way and content.slug else None
