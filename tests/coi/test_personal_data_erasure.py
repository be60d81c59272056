"""Erasing a person takes everything that names them, and nothing else: tried by reading the whole database."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pghistory
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.former import names_of
from accounts.models import User
from catalogue.models import Entry, HardQuestion, Inquiry, Story, StoryThanks
from coi.models import Erasure, ErasureRequest, FormerContribution, FormerUser, Why
from coi.personal_data.erasing import LastAdministratorError, erase, former_of
from coi.personal_data.function import REPLACED
from editorial.choices import State
from editorial.models import Change, Contact, Content, Decision, QueueItem, Receipt, Report, SenderContact
from editorial.models.receipts import Consent
from editorial.submitting import submit_change, submit_content
from ideastorm.models import Assignment, Comment, Conflict, Follow, IdeaAnswer, IdeaNews, Score, Support
from notices.mail import queue
from notices.models import Notice, Preference, Suppression, address_hash
from notices.models import Why as WhySuppressed
from notices.sending import tell
from places.models import Basis, Membership, MembershipState, Role, RoleChange, Vouch
from practicum.models import (
    Application,
    DirectRequest,
    Evaluation,
    FollowUp,
    HostMark,
    MatchLine,
    MatchPin,
    MatchRun,
    OpenWish,
    OpenWishAnswer,
    RequestMessage,
    SavedSearch,
    Wish,
)
from tests.factories import (
    EntryFactory,
    IdeaFactory,
    ReuseFactory,
    StormFactory,
    UserFactory,
    WorkplaceFactory,
    contact_person,
    editor,
    public_offer,
    public_story,
    published,
    ready_application,
    stay_at,
)

pytestmark = pytest.mark.django_db
AsWebRole = Callable[[], AbstractContextManager[None]]

ContentEvent: Any = apps.get_model("editorial.ContentEvent")
EntryEvent: Any = apps.get_model("catalogue.EntryEvent")
EMAIL, SECOND = "karen.q.holmgaard@example.dk", "kqh@privat.example"
NAME, PHONE = "Karen Quist Holmgaard", "40 11 22 33"
SOON = dt.timedelta(days=3)


def found(*needles: str) -> dict[str, list[str]]:
    """Where in the database any of the words stands: "table.column" → the words, in every column of every table."""
    places: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name IN (SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE')"
        )
        for table, column in cursor.fetchall():
            for needle in needles:
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" WHERE strpos(lower("{column}"::text), lower(%s)) > 0',
                    [needle],
                )
                if cursor.fetchone()[0]:
                    places.setdefault(f"{table}.{column}", []).append(needle)
    return places


def a_life_in_storms(user: User) -> None:
    """They answer in one, have given an idea, and supported, commented, assessed and answered others'."""
    storm = StormFactory.create(answerer=user)
    with pghistory.context(user=str(user.key)):
        IdeaFactory.create(storm=storm, author=user, shown_as="navn", shown_name=NAME)
    other, third = (IdeaFactory.create(storm=storm) for _n in range(2))
    Comment.objects.create(idea=other, author=user, text="Godt set.", shown_as="navn", shown_name=NAME)
    Support.objects.create(idea=other, user=user)
    Follow.objects.create(idea=third, user=user)
    SavedSearch.objects.create(user=user, querystring="dage=3")
    assigned = Assignment.objects.create(idea=other, assessor=user)
    Score.objects.create(
        assignment=assigned, criterion=storm.criteria.first(), points=4, note="Kan bruges bredt."
    )
    Conflict.objects.create(idea=third, assessor=user)
    IdeaAnswer.objects.create(idea=other, status="videre", reason="Vi går i gang.", decided_by_key=user.key)
    IdeaNews.objects.create(
        idea=other, text="Vi er i gang.", happened_on=timezone.localdate(), written_by_key=user.key
    )


def a_life_of_applications(user: User) -> None:
    """They have applied, wished with and without a place, and asked a host, who has answered and marked them."""
    offer = public_offer()
    application = ready_application(guest=user, round=offer.round, motivation=f"Skriv til {EMAIL}")
    Wish.objects.create(application=application, offer=offer, rank=1)
    HostMark.objects.create(offer=offer, application=application, mark=4, note="Passer godt")
    run = MatchRun.objects.create(round=offer.round, number=1, weights={}, made_by_key=user.key)
    MatchLine.objects.create(run=run, application=application)
    MatchPin.objects.create(
        round=offer.round, application=application, offer=offer, kind="forbudt", reason="De er i familie",
        made_by_key=user.key,
    )  # fmt: skip
    request = DirectRequest.objects.create(application=application, offer=offer)
    RequestMessage.objects.create(request=request, side="gaest", author=user, text=f"Ring til {PHONE}")
    wish = OpenWish.objects.create(guest=user, round=offer.round, text=f"Et hus uden kø. {NAME}")
    OpenWishAnswer.objects.create(wish=wish, workplace=offer.owner, offer=offer, text=f"Kom bare, {NAME}.")
    other = OpenWish.objects.create(guest=UserFactory.create(), text="Et bosted")
    OpenWishAnswer.objects.create(wish=other, text="Spørg hos os.", written_by_key=user.key)


def a_life_of_stays(user: User) -> None:
    """They have been a guest: with an agreement, an evaluation, and what they have used."""
    stay = stay_at(public_offer(), guest=user, state="holdt")
    stay.agreements.create(
        number=1, written_by="gaest", purpose="At se et hold.", contact="Spørg i receptionen"
    )
    Evaluation.objects.create(
        stay=stay, side="gaest", could_use=4, recommends=True, as_expected=5, text="Tak"
    )
    FollowUp.objects.create(stay=stay, used="Vi ringer nu først.", answered_at=timezone.now())


def a_life() -> User:
    """A person who has done everything there is to do."""
    user: User = UserFactory.create(email=EMAIL, name=NAME)
    EmailAddress.objects.get_or_create(user=user, email=EMAIL, defaults={"verified": True, "primary": True})
    EmailAddress.objects.create(user=user, email=SECOND, verified=True)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session.create()
    UserSession.objects.create(
        user=user, session_key=session.session_key, ip="192.0.2.1", user_agent="Browser", data={}
    )
    place = WorkplaceFactory.create()
    with pghistory.context(user=str(user.key)):
        EntryFactory.create(author=user, title="En kladde", summary=f"Skriv til {EMAIL}")
        waiting = EntryFactory.create(author=user, title="Venter")
        submit_content(content=waiting, by=user, answer=f"Jeg hedder {NAME}")
        public = published(
            author=user, title="Offentlig", owner=place, summary=f"Spørg {EMAIL.upper()} om det."
        )
        Entry.objects.filter(pk=public.pk).update(summary="Spørg os.")
        story = public_story(shown_name=NAME)
        Receipt.issue(story)
        Receipt.objects.filter(content=story).update(claimed_by=user, claimed_at=timezone.now())
        SenderContact.objects.create(receipt=story.receipt, email=EMAIL)
        Consent.objects.create(content=story, what="offentliggørelse", version="1")
        Contact.objects.create(content=public, name=NAME, email=SECOND, phone=PHONE)
        other = published(title="En andens")
        Change.begin(other, by=user, proposed={"title": "Kladde af en rettelse"})
        change = Change.begin(other, by=user, proposed={"summary": f"Ret til {SECOND}"})
        submit_change(change=change, by=user)
    Report.objects.create(content=other, reason="forkert", text="Der er en fejl", reporter=user, email=EMAIL)
    answered = HardQuestion.objects.create(
        entry=public, question="Hvordan?", answer="Sådan.", answered_by=NAME
    )
    asker = UserFactory.create()
    Inquiry.objects.create(
        entry=public, asker=asker, question="Hvordan?", answer="Sådan.", state="answered", answerer=user,
        answered_at=timezone.now(), shown=answered,
    )  # fmt: skip
    asked = Inquiry.objects.create(entry=other, asker=user, question="Hvad var svært?", recipient=asker)
    asked.tried.add(user)
    StoryThanks.objects.create(story=public_story(), workplace=place, author=user, text="Tak.")
    Membership.objects.create(
        user=user, workplace=place, role=Role.CONTACT, state=MembershipState.ACTIVE, basis=Basis.STAFF,
        approved_at=timezone.now(), confirm_by=timezone.localdate(), title="Pædagog",
    )  # fmt: skip
    RoleChange.objects.create(
        workplace_uuid=place.uuid, workplace_name=place.name, user_key=user.key, role=Role.CONTACT, what="approved",
        after="active", reason=f"Kendt fra {EMAIL}",
    )  # fmt: skip
    ReuseFactory.create(
        entry=public,
        told_by=user,
        workplace=WorkplaceFactory.create(),
        what_changed=f"Spørg {SECOND}",
        proposed={"by": EMAIL},
    )
    Vouch.objects.create(
        token_hash="a" * 64,
        workplace=place,
        made_by=user,
        expires_at=timezone.now() + SOON,
        email="x@example.dk",
    )
    Vouch.objects.create(
        token_hash="b" * 64, workplace=place, made_by=asker, expires_at=timezone.now() + SOON, email=EMAIL
    )
    a_life_in_storms(user)
    a_life_of_applications(user)
    a_life_of_stays(user)
    tell(to=user, event="svar", subject="Svar", text=f"Kære {NAME}")
    tell(
        to=asker,
        event="arbejdsplads",
        subject=f"{NAME} vil være leder",
        text=f"{NAME} ({EMAIL}) beder om det.",
    )
    tell(to=SECOND, event="svar", subject="Tak", text="Tak")
    Preference.objects.create(user=user, event="svar", frequency="dagligt")
    Suppression.objects.create(address=EMAIL, address_hash=address_hash(EMAIL), reason=WhySuppressed.REFUSED)
    queue(EmailMessage("Ny adgangskode", "Her er et link", to=[EMAIL]))
    users = ContentType.objects.get_for_model(User)
    staff = editor()
    LogEntry.objects.create(
        user=staff, content_type=users, object_id=str(user.pk), object_repr=str(user), action_flag=CHANGE,
        change_message=f"Navn: {NAME}, {EMAIL}",
    )  # fmt: skip
    return user


def call(user: User) -> None:
    """The owner's function, by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coi_erase_person(%s)", [user.pk])


def test_nothing_in_the_database_names_an_erased_person(
    as_web_role: AsWebRole, deliver: Callable[[], Any]
) -> None:
    """Every column of every table is read. What stands is a letter of a matter, and is documented."""
    user = a_life()
    assert len(found(EMAIL, SECOND, NAME, PHONE)) > 15, "the life is full"
    logs = Decision.objects.count(), LogEntry.objects.count()
    with as_web_role():
        former = erase(user=user)
    assert former
    deliver()  # the mail that says that it is done goes with the address
    assert found(EMAIL, SECOND, PHONE) == {}
    assert set(found(NAME)) == {"editorial_letter.text"}
    assert not User.objects.filter(pk=user.pk).exists()
    assert (LogEntry.objects.count(), RoleChange.objects.filter(user_key=user.key).count()) == (logs[1], 2)
    assert Decision.objects.count() >= logs[0]
    assert "Karen" not in former.pseudonym


def test_what_becomes_of_what_they_gave(as_web_role: AsWebRole) -> None:
    """Drafts go with their history, what waits is withdrawn, what is public stands under the pseudonym."""
    user = a_life()
    draft = Content.objects.get(title="En kladde")
    with as_web_role():
        former = erase(user=user)
    assert former
    assert not Content.objects.filter(title="En kladde").exists()
    assert not EntryEvent.objects.filter(pgh_obj_id=draft.pk).exists()
    assert not ContentEvent.objects.filter(pgh_obj_id=draft.pk).exists()
    assert Content.objects.get(title="Venter").state == State.WITHDRAWN
    assert not QueueItem.objects.waiting().filter(sender=None, kind="content").exists()
    public = Content.objects.get(title="Offentlig")
    assert (public.state, public.author) == (State.PUBLISHED, None)
    assert ContentEvent.objects.filter(pgh_obj_id=public.pk).exists()
    story = Story.objects.get(shown_name=str(former))
    for content in (public, story):
        assert FormerContribution.objects.get(content_id=content.pk).former == former
    assert HardQuestion.objects.get().answered_by == str(former)
    assert not Change.objects.filter(proposed__title="Kladde af en rettelse").exists()
    assert Change.objects.get().state == State.WITHDRAWN
    assert REPLACED in Change.objects.get().proposed["summary"]
    assert not Session.objects.exists()
    assert Notice.objects.filter(event="redaktion", subject__contains="ingen kontaktperson").exists()
    log = Erasure.objects.get()
    assert (log.pseudonym, log.why, log.asked_by_key, log.closed_only) == (
        former.pseudonym,
        Why.SELF,
        None,
        False,
    )
    unknown = uuid.uuid4()
    names = names_of([user.key, unknown, None])
    assert names == {user.key: str(former), unknown: "en tidligere bruger", None: "portalen selv"}


def test_others_are_left_alone(as_web_role: AsWebRole) -> None:
    """An address that only ends alike, a namesake's contribution, and their rows stand."""
    user = UserFactory.create(email="anna@example.dk", name="Anna")
    other = UserFactory.create(email="hanna@example.dk", name="Anna")
    entry = published(
        author=other, summary="hanna@example.dk og anna@example.dk.au, men ikke Anna@Example.dk."
    )
    tell(to=other, event="svar", subject="Anna har svaret", text="Anna skrev.")
    with as_web_role():
        erase(user=user)
    entry.refresh_from_db()
    assert entry.summary == f"hanna@example.dk og anna@example.dk.au, men ikke {REPLACED}."
    assert entry.author == other
    assert Notice.objects.get(recipient=other).subject == "Anna har svaret"


def test_staff_are_closed_under_the_pseudonym_so_that_the_log_stands(as_web_role: AsWebRole) -> None:
    """The administration's log says who did what, for good."""
    user = editor(email=EMAIL, name=NAME)
    LogEntry.objects.create(
        user=user, object_id="1", object_repr="Noget", action_flag=CHANGE, change_message=""
    )
    with as_web_role():
        former = erase(user=user, why=Why.ASKED, by=UserFactory.create(admin=True))
    user.refresh_from_db()
    assert not (user.is_active or user.is_staff or user.is_superuser or user.has_usable_password())
    assert user.name == str(former)
    assert user.groups.count() == 0
    assert LogEntry.objects.get().user == user
    assert Erasure.objects.get().closed_only
    assert found(EMAIL, NAME) == {}


def test_twice_is_harmless() -> None:
    """The second finds nobody, also when the account was closed only."""
    for user in (UserFactory.create(), editor()):
        LogEntry.objects.create(user=editor(), object_id="1", object_repr="x", action_flag=CHANGE)
        assert erase(user=user)
        assert erase(user=user) is None
    assert Erasure.objects.count() == 2


def test_a_stay_to_come_is_cancelled(deliver: Callable[[], list[EmailMessage]]) -> None:
    """The seat is free for others, and host and leader hear that nobody comes; what is over stands."""
    offer = public_offer(direct_seats=2, round_seats=0)
    assert offer.owner is not None
    host = contact_person(offer.owner)
    application = ready_application(round=offer.round)
    stay = stay_at(offer, application=application)
    Application.objects.filter(pk=application.pk).update(state="placeret")
    before = stay_at(offer, guest=application.guest, state="holdt")
    assert erase(user=application.guest)
    stay.refresh_from_db()
    before.refresh_from_db()
    assert (stay.state, stay.cancelled_by, before.state) == ("aflyst", "gaest", "holdt")
    assert offer.seats.free().count() == 1
    told = {message.to[0] for message in deliver() if "aflyst" in message.subject}
    assert told == {host.email, "leder@kommune.example"}


def test_the_last_administrator_stays() -> None:
    """Until there is another; the function itself says so too."""
    user = UserFactory.create(admin=True)
    with pytest.raises(LastAdministratorError):
        erase(user=user)
    ErasureRequest.objects.create(user=user, former=former_of(user), why=Why.SELF)
    with pytest.raises(IntegrityError), transaction.atomic():
        call(user)
    UserFactory.create(admin=True)
    ErasureRequest.objects.all().delete()
    FormerUser.objects.all().delete()
    assert erase(user=user)


def test_the_function_is_no_way_to_wipe_others(as_web_role: AsWebRole) -> None:
    """It asks for a request of this transaction, and takes history only of content that was the person's own draft."""
    victim = UserFactory.create()
    entry = published(author=victim)
    events = ContentEvent.objects.filter(pgh_obj_id=entry.pk)
    with as_web_role(), pytest.raises(ProgrammingError), transaction.atomic():
        call(victim)
    ErasureRequest.objects.create(
        user=victim, former=former_of(victim), why=Why.SELF, made_at=timezone.now() - SOON
    )
    with as_web_role(), pytest.raises(ProgrammingError), transaction.atomic():
        call(victim)
    before = events.count()
    thief = UserFactory.create()
    with as_web_role():
        FormerContribution.objects.create(content=entry, former=former_of(thief))
        ErasureRequest.objects.create(user=thief, former=former_of(thief), why=Why.SELF)
        call(thief)
    assert events.count() == before
    assert events.filter(author_id=victim.pk).exists()
    assert Erasure.objects.count() == 1, "and it left its mark"
    with as_web_role(), pytest.raises(ProgrammingError), transaction.atomic():
        Erasure.objects.all().delete()


def test_a_table_that_still_points_at_the_account_stops_it() -> None:
    """Everything or nothing: what the register forgot is found by the foreign key."""
    user = UserFactory.create()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE forgotten (user_id bigint REFERENCES accounts_user DEFERRABLE INITIALLY DEFERRED)"
        )
        cursor.execute("INSERT INTO forgotten VALUES (%s)", [user.pk])
    with pytest.raises(DatabaseError), transaction.atomic():
        erase(user=user)
        connection.check_constraints()
    assert User.objects.filter(pk=user.pk).exists()
    assert not Erasure.objects.exists()


def test_pseudonyms_are_stable_and_differ() -> None:
    """The same for one person, another for the next, and not to be made from the key without the secret."""
    one, two = UserFactory.create(), UserFactory.create()
    first = former_of(one)
    assert former_of(one) == first
    assert former_of(two).pseudonym != first.pseudonym
    assert one.key.hex[:4].upper() != first.pseudonym
