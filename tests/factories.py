"""Test objects. Factories make drafts; `published()` makes what readers see."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import EDITORS_GROUP, User
from catalogue.models import Chapter, Collection, CollectionEntry, Entry, Measure, Reuse, Story
from editorial.choices import Kind, Phase
from editorial.models import Contact, Link, Picture, QueueItem, SubjectArea, Tag
from editorial.submitting import submit_content
from ideastorm.models import Criterion, Idea, Storm
from mapping.models import Project, Unit
from places.choices import Sector
from places.models import Membership, Workplace, WorkplaceDomain, WorkplacePeriod
from practicum.models import Application, LeaderApproval, Offer, Round, Stay

PASSWORD = "et-langt-kodeord-2026"
NUMBERS = itertools.count()
NINE = dt.timezone(dt.timedelta(hours=1))


class UserFactory(DjangoModelFactory[User]):
    """A citizen: an account without any right."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.dk")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)

    class Params:
        admin = factory.Trait(is_staff=True, is_superuser=True)

    @factory.post_generation
    def confirmed(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        """The primary address, confirmed unless told otherwise."""
        if create:
            EmailAddress.objects.create(
                user=self, email=self.email, primary=True, verified=extracted is not False
            )


def editor(**fields: Any) -> User:
    """A staff moderator."""
    user = UserFactory.create(is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=EDITORS_GROUP))
    return user


class WorkplaceFactory(DjangoModelFactory[Workplace]):
    """A municipal workplace."""

    class Meta:
        model = Workplace

    name = factory.Sequence(lambda n: f"Arbejdsplads {n}")
    slug = factory.Sequence(lambda n: f"arbejdsplads-{n}")
    sector = Sector.MUNICIPALITY


def membership(
    *, user: User, workplace: Workplace, role: str, state: str = "active", **fields: Any
) -> Membership:
    """A role at a workplace, with the dates and reasons that its state asks for."""
    now = timezone.now()
    if state in ("active", "suspended"):
        fields = {"approved_at": now, "confirmed_at": now, "basis": "staff"} | fields
        if role == "kontaktperson":
            fields.setdefault("confirm_by", timezone.localdate(now) + dt.timedelta(365))
    if state == "suspended":
        fields.setdefault("suspended_reason", "staff")
    if state in ("ended", "declined"):
        fields.setdefault("ended_at", now)
    return Membership.objects.create(user=user, workplace=workplace, role=role, state=state, **fields)


def employee(**fields: Any) -> User:
    """A public employee: the confirmed address lies in a municipal workplace's domain, not citizens' example.dk."""
    fields.setdefault("email", f"ansat{next(NUMBERS)}@kommunen.dk")
    user: User = UserFactory.create(**fields)
    domain = user.email.rpartition("@")[2]
    if not WorkplaceDomain.objects.filter(domain=domain).exists():
        WorkplaceDomain.objects.create(workplace=WorkplaceFactory.create(), domain=domain)
    return user


def contact_person(workplace: Workplace, **fields: Any) -> User:
    """An active contact person of the workplace."""
    user: User = UserFactory.create(**fields)
    membership(user=user, workplace=workplace, role="kontaktperson")
    return user


class WorkplacePeriodFactory(DjangoModelFactory[WorkplacePeriod]):
    """A period of a workplace; without dates it holds always."""

    class Meta:
        model = WorkplacePeriod

    workplace = factory.SubFactory(WorkplaceFactory)
    name = factory.SelfAttribute("workplace.name")
    sector = factory.SelfAttribute("workplace.sector")


class TagFactory(DjangoModelFactory[Tag]):
    """A tag."""

    class Meta:
        model = Tag
        django_get_or_create = ("slug",)

    name = factory.Sequence(lambda n: f"emne {n}")
    slug = factory.LazyAttribute(lambda tag: Tag().slugify(tag.name))


class EntryFactory(DjangoModelFactory[Entry]):
    """A draft of an example. `tags` takes names, `subject_areas` slugs."""

    class Meta:
        model = Entry
        skip_postgeneration_save = True

    kind = Kind.EXAMPLE
    title = factory.Sequence(lambda n: f"Et eksempel, nummer {n}")
    summary = "Det korte af det lange."
    status = factory.LazyAttribute(lambda e: Phase.OPERATION if e.kind == Kind.EXAMPLE else "")

    @factory.post_generation
    def tags(self: Entry, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:
        """Tag it."""
        for name in extracted or []:
            tag = Tag.objects.filter(name=name).first() or TagFactory.create(name=name)
            self.tags.add(tag)

    @factory.post_generation
    def subject_areas(self: Entry, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:
        """Put it under subject areas; an example needs one."""
        slugs = extracted if extracted is not None else ["aeldre"] if self.kind == Kind.EXAMPLE else []
        self.subject_areas.set(SubjectArea.objects.filter(slug__in=slugs))


def published(day: dt.date | None = None, **fields: Any) -> Entry:
    """A public entry, published on `day`."""
    entry: Entry = EntryFactory.create(**fields)
    entry.publish(by=None, now=dt.datetime.combine(day, dt.time(9), NINE) if day else None)
    return entry


def hidden(state: str, **fields: Any) -> Entry:
    """An entry in a state in which no list may show it; with a slug where it has been public."""
    if state in ("suspended", "archived"):
        entry = published(**fields)
        if state == "suspended":
            entry.suspend(by=None, reason="Prøve")
        else:
            entry.archive(by=None)
        return entry
    entry = EntryFactory.create(**fields)
    Entry.objects.filter(pk=entry.pk).update(state=state)
    entry.refresh_from_db()
    entry.reindex()
    return entry


HIDDEN_STATES = ("draft", "submitted", "returned", "rejected", "withdrawn", "suspended", "archived")
"""States that no list shows."""


class LinkFactory(DjangoModelFactory[Link]):
    """A link."""

    class Meta:
        model = Link

    title = "Rapport"
    url = factory.Sequence(lambda n: f"https://example.dk/{n}")


class PictureFactory(DjangoModelFactory[Picture]):
    """A picture that is told of, but not stored."""

    class Meta:
        model = Picture

    name = factory.Sequence(lambda n: f"pictures/{n}.webp")
    width = 1200
    height = 800
    widths = factory.LazyFunction(lambda: [400, 800])
    alt = "To kolleger ved en tavle"


class ContactFactory(DjangoModelFactory[Contact]):
    """A contact without consent."""

    class Meta:
        model = Contact

    name = "Karen Kontakt"
    email = "karen.kontakt@example.dk"
    phone = "12 34 56 78"


class MeasureFactory(DjangoModelFactory[Measure]):
    """A measured effect."""

    class Meta:
        model = Measure

    label = "Klager"
    unit = "om måneden"
    before = 46
    after = 19
    better = "lower"


class ReuseFactory(DjangoModelFactory[Reuse]):
    """A reuse that is shown and in use."""

    class Meta:
        model = Reuse

    workplace = factory.SubFactory(WorkplaceFactory)
    kind = "kopieret"


class CollectionFactory(DjangoModelFactory[Collection]):
    """A published collection."""

    class Meta:
        model = Collection

    title = factory.Sequence(lambda n: f"Samling {n}")
    slug = factory.Sequence(lambda n: f"samling-{n}")
    summary = "Det bedste om emnet."
    published = True


class ChapterFactory(DjangoModelFactory[Chapter]):
    """A chapter."""

    class Meta:
        model = Chapter

    collection = factory.SubFactory(CollectionFactory)
    title = "Et kapitel"


class CollectionEntryFactory(DjangoModelFactory[CollectionEntry]):
    """An entry's place in a chapter."""

    class Meta:
        model = CollectionEntry

    chapter = factory.SubFactory(ChapterFactory)


class StoryFactory(DjangoModelFactory[Story]):
    """A good story that was not sent yet."""

    class Meta:
        model = Story

    kind = Kind.STORY
    title = factory.Sequence(lambda n: f"En god historie, nummer {n}")
    text = "Hun ringede dagen efter. Det havde ingen gjort før."
    summary = "Hun ringede dagen efter."


def public_story(**fields: Any) -> Story:
    """A story that anyone may read."""
    story: Story = StoryFactory.create(**fields)
    story.publish(by=None)
    return story


class ProjectFactory(DjangoModelFactory[Project]):
    """A project that was not sent yet."""

    class Meta:
        model = Project
        skip_postgeneration_save = True

    kind = Kind.PROJECT
    title = factory.Sequence(lambda n: f"Et projekt, nummer {n}")
    summary = "To afdelinger prøver fælles morgenmøder."
    status = Phase.IMPLEMENTATION

    @factory.post_generation
    def subject_areas(self, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:
        """Slugs of its subject areas."""
        if create:
            self.subject_areas.set(SubjectArea.objects.filter(slug__in=extracted or ["aeldre"]))  # type: ignore[attr-defined]


class UnitFactory(DjangoModelFactory[Unit]):
    """An innovation unit that was not sent yet."""

    class Meta:
        model = Unit

    kind = Kind.UNIT
    title = factory.Sequence(lambda n: f"Enheden {n}")
    summary = "Hjælper afdelingerne med at prøve nyt af."


def public_project(**fields: Any) -> Project:
    """A project that anyone may read."""
    project: Project = ProjectFactory.create(**fields)
    project.publish(by=None)
    return project


def public_unit(**fields: Any) -> Unit:
    """An innovation unit that anyone may read."""
    unit: Unit = UnitFactory.create(**fields)
    unit.publish(by=None)
    return unit


def waiting_story(**fields: Any) -> QueueItem:
    """The item of a story that waits for the editors."""
    story = StoryFactory.create(**fields)
    return submit_content(content=story, by=story.author)


class StormFactory(DjangoModelFactory[Storm]):
    """A storm that is being set up: with two criteria, somebody who answers and their deputy; open for another week."""

    class Meta:
        model = Storm
        skip_postgeneration_save = True

    kind = Kind.STORM
    title = factory.Sequence(lambda n: f"Breve, nummer {n}")
    summary = "Peg på et brev, og skriv, hvad du selv ville have haft brug for at vide."
    question = "Hvilket brev skal skrives om først?"
    owner = factory.SubFactory(WorkplaceFactory)
    answerer = factory.SubFactory(UserFactory)
    deputy = factory.SubFactory(UserFactory)
    opens_at = factory.LazyFunction(lambda: timezone.now().replace(microsecond=0) - dt.timedelta(days=7))
    closes_at = factory.LazyAttribute(lambda storm: storm.opens_at + dt.timedelta(days=14))
    support_until = factory.LazyAttribute(lambda storm: storm.closes_at + dt.timedelta(days=7))
    promised_on = factory.LazyAttribute(lambda storm: (storm.support_until + dt.timedelta(days=30)).date())

    @factory.post_generation
    def criteria(self, create: bool, extracted: list[int] | None, **kwargs: Any) -> None:
        """The weights of its criteria."""
        for n, weight in enumerate([2, 1] if extracted is None else extracted):
            Criterion.objects.create(storm=self, title=f"Kriterium {n}", weight=weight, position=n)


class IdeaFactory(DjangoModelFactory[Idea]):
    """An idea that was not sent yet."""

    class Meta:
        model = Idea

    kind = Kind.IDEA
    storm = factory.LazyFunction(lambda: public_storm())
    title = factory.Sequence(lambda n: f"Brevet om boligstøtte, nummer {n}")
    summary = "Skriv det nye beløb øverst."
    text = "Skriv det nye beløb øverst, så datoen, så grunden."


def public_storm(**fields: Any) -> Storm:
    """A storm that anyone may read, with its phase."""
    storm: Storm = StormFactory.create(**fields)
    storm.publish(by=None)
    return Storm.objects.with_phase().get(pk=storm.pk)


def public_idea(**fields: Any) -> Idea:
    """An idea that anyone may read."""
    idea: Idea = IdeaFactory.create(**fields)
    idea.publish(by=None)
    return idea


class RoundFactory(DjangoModelFactory[Round]):
    """A round that hosts offer places in today; guests apply from next month."""

    class Meta:
        model = Round
        django_get_or_create = ("year",)

    class Params:
        today = factory.LazyFunction(timezone.localdate)

    year = factory.LazyAttribute(lambda row: row.today.year + 1)
    offers_from = factory.LazyAttribute(lambda row: row.today - dt.timedelta(days=10))
    offers_until = factory.LazyAttribute(lambda row: row.today + dt.timedelta(days=20))
    applications_from = factory.LazyAttribute(lambda row: row.offers_until + dt.timedelta(days=10))
    applications_until = factory.LazyAttribute(lambda row: row.applications_from + dt.timedelta(days=40))
    seats_move_on = factory.LazyAttribute(lambda row: row.applications_until - dt.timedelta(days=5))
    answers_until = factory.LazyAttribute(lambda row: row.applications_until + dt.timedelta(days=30))
    agreements_until = factory.LazyAttribute(lambda row: row.answers_until + dt.timedelta(days=30))
    stays_from = factory.LazyAttribute(lambda row: row.agreements_until + dt.timedelta(days=30))
    stays_until = factory.LazyAttribute(lambda row: row.stays_from + dt.timedelta(days=4))
    evaluation_until = factory.LazyAttribute(lambda row: row.stays_until + dt.timedelta(days=30))
    is_public = True


class OfferFactory(DjangoModelFactory[Offer]):
    """A place that a workplace is about to offer: two seats for direct agreement, one for the round."""

    class Meta:
        model = Offer
        skip_postgeneration_save = True

    kind = Kind.OFFER
    round = factory.SubFactory(RoundFactory)
    title = factory.Sequence(lambda n: f"Hjemmepleje i faste hold, nummer {n}")
    summary = "Gå med et hold på aftenvagt, og se, hvordan de selv lægger ruten."
    programme = "Mandag følger du et hold. Tirsdag er du med til planlægningen."
    owner = factory.SubFactory(WorkplaceFactory)
    days = 3
    direct_seats = 2
    round_seats = 1
    starts_on = factory.LazyAttribute(lambda offer: offer.round.stays_from if offer.round else None)
    ends_on = factory.LazyAttribute(lambda offer: offer.round.stays_until if offer.round else None)
    is_flexible = factory.LazyAttribute(lambda offer: offer.starts_on is None)

    @factory.post_generation
    def areas(self, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:
        """Slugs of its subject areas."""
        self.subject_areas.set(SubjectArea.objects.filter(slug__in=extracted or ["aeldre"]))


def say_yes(thing: Offer | Application) -> LeaderApproval:
    """The leader says yes to a place or an application as it is."""
    now = timezone.now()
    asked = {"asked_at": now - dt.timedelta(days=1), "expires_at": now + dt.timedelta(days=20)}
    if isinstance(thing, Offer):
        fields: dict[str, Any] = {
            "offer": thing, "seats": thing.seats_wanted, "first_day": thing.starts_on, "last_day": thing.ends_on,
        }  # fmt: skip
    else:
        days = thing.possible_days
        fields = {"application": thing, "first_day": min(days), "last_day": max(days)}
    return LeaderApproval.objects.create(
        email="leder@kommune.example", days=thing.days, answer="ja", answered_at=now, **asked, **fields
    )


def public_offer(**fields: Any) -> Offer:
    """A place that anyone may read, with its seats."""
    offer: Offer = OfferFactory.create(**fields)
    say_yes(offer)
    offer.publish(by=None)
    return offer


class ApplicationFactory(DjangoModelFactory[Application]):
    """An application that was begun: three days in the round's week."""

    class Meta:
        model = Application

    guest = factory.SubFactory(UserFactory)
    workplace = factory.SubFactory(WorkplaceFactory)
    round = factory.SubFactory(RoundFactory)
    motivation = "Vi skal selv i gang med faste hold."
    possible_days = factory.LazyAttribute(
        lambda row: [row.round.stays_from + dt.timedelta(days=n) for n in range(5)] if row.round else []
    )


def ready_application(**fields: Any) -> Application:
    """An application that the leader has said yes to."""
    application: Application = ApplicationFactory.create(**fields)
    say_yes(application)
    Application.objects.filter(pk=application.pk).update(state="klar", ready_at=timezone.now())
    application.refresh_from_db()
    return application


def stay_at(offer: Offer, *, application: Application | None = None, **fields: Any) -> Stay:
    """A stay that both have said yes to, on the first free seat of a public place."""
    application = application or ready_application(round=offer.round)
    first = offer.first_day or timezone.localdate()
    now = timezone.now()
    return Stay.objects.create(
        **{
            "offer": offer, "seat": offer.seats.free().first(), "round": offer.round, "application": application,
            "guest": application.guest, "guest_workplace": application.workplace, "origin": "direkte",
            "state": "aftalt",
            "starts_on": first, "ends_on": first + dt.timedelta(days=2), "days": 3, "guest_accepted_at": now,
            "host_accepted_at": now, **fields,
        }
    )  # fmt: skip
