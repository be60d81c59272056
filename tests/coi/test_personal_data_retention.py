"""Each rule of retention: one day before nothing happens, one day after it does, and what is a matter stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.models import User
from catalogue.models import Entry, Inquiry
from coi import tasks
from coi.models import Erasure, Warned, Why
from coi.personal_data import retention
from coi.personal_data.register import REGISTER
from editorial.choices import QueueKind
from editorial.filing import FILED, file_matter
from editorial.memberships import ask_role
from editorial.models import Change, Content, ContentSlug, Decision, Letter, QueueItem, Report, SenderContact
from editorial.queue import decide
from editorial.reporting import report_content
from editorial.submitting import ask_withdrawal, submit_change, submit_content
from mapping.adding.actions import propose_workplace
from notices.models import Notice, OutgoingMail
from places.models import Membership, MembershipState, Role
from practicum.models import Application, OpenWish, Round, Stay
from tests.factories import (
    ApplicationFactory,
    EntryFactory,
    RoundFactory,
    UserFactory,
    WorkplaceFactory,
    editor,
    membership,
    public_offer,
    public_story,
    published,
    ready_application,
    stay_at,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
AsWebRole = Callable[[], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _web(as_web_role: AsWebRole) -> Any:
    """The job runs with the web role's rights."""
    original = retention.apply

    def apply() -> dict[str, int]:
        with as_web_role():
            return original()

    retention.apply = apply
    yield
    retention.apply = original


def test_drafts_go_after_a_year_and_a_warning() -> None:
    """Warned at eleven months; touched, they stay; sent once, they are a matter."""
    now = timezone.now()
    old, touched, young, sent = (EntryFactory.create(author=UserFactory.create()) for _ in range(4))
    submit_content(content=sent, by=sent.author)
    staff = EntryFactory.create(author=None)
    Entry.objects.exclude(pk=young.pk).update(updated_at=now - retention.DRAFTS - DAY)
    assert retention.apply()["warn_of_drafts"] == 2
    assert retention.apply()["warn_of_drafts"] == 0
    assert Notice.objects.filter(subject__contains="bliver slettet").count() == 2
    assert retention.apply()["delete_drafts"] == 0
    Warned.objects.update(at=now - retention.WARNING - DAY)
    Entry.objects.filter(pk=touched.pk).update(updated_at=now)
    assert retention.apply()["delete_drafts"] == 1
    left = set(Content.objects.values_list("pk", flat=True))
    assert left == {touched.pk, young.pk, sent.pk, staff.pk}
    assert old.pk not in left


def test_what_was_rejected_goes_a_year_after_the_answer_when_it_is_filed() -> None:
    """With letters, history and pictures. The log stands; what is young, not filed, or waiting stands too."""
    staff, now = editor(), timezone.now()
    made = {}
    for name in ("old", "young", "unfiled", "again"):
        entry = EntryFactory.create(author=UserFactory.create(), title=f"Sag {name}", problem="Hemmeligt")
        item = submit_content(content=entry, by=entry.author)
        decide(uuid=item.uuid, outcome="rejected", by=staff, reason="Begrundelsen")
        if name != "unfiled":
            file_matter(item=item, journal="2026-17", by=staff)
        made[name] = entry
    ask_for_more = QueueItem.objects.get(content=made["again"])
    QueueItem.objects.create(kind="report", title="x", content=ask_for_more.content)
    late = now - retention.MATTERS - DAY
    Decision.objects.exclude(content_uuid=made["young"].uuid).update(at=late)
    Decision.objects.filter(action=FILED).update(at=now)
    assert retention.apply()["delete_filed_contributions"] == 1
    left = set(Content.objects.values_list("title", flat=True))
    assert left == {"Sag young", "Sag unfiled", "Sag again"}
    for label in ("editorial.ContentEvent", "catalogue.EntryEvent"):
        events: Any = apps.get_model(label)
        assert not events.objects.filter(pgh_obj_id=made["old"].pk).exists()
        assert events.objects.filter(pgh_obj_id=made["unfiled"].pk).exists()
    log = (
        Decision.objects.filter(content_uuid=made["old"].uuid).order_by("id").values_list("action", flat=True)
    )
    assert list(log) == ["submitted", "rejected", "filed", "cleared"]
    assert retention.apply()["delete_filed_contributions"] == 0


def test_a_story_that_was_shown_and_withdrawn_goes_too() -> None:
    """With receipt, thanks and history; its address is never used again."""
    staff, story = editor(), public_story()
    slug = story.slug
    story.withdraw(by=None)
    item = QueueItem.objects.create(
        kind="content", title=story.title, content_id=story.pk, decided_at=timezone.now(), outcome="approved"
    )
    file_matter(item=item, journal="2026-18", by=staff)
    Decision.objects.update(at=timezone.now() - retention.MATTERS - DAY)
    assert retention.apply()["delete_filed_contributions"] == 1
    events: Any = apps.get_model("catalogue.StoryEvent")
    assert not Content.objects.exists() and not events.objects.exists()
    assert ContentSlug.objects.get(slug=slug).content is None


def test_a_change_that_was_rejected_goes_the_same_way() -> None:
    """The page stands."""
    staff, page = editor(), published()
    change = Change.begin(page, by=UserFactory.create(), proposed={"summary": "Nyt"})
    item = submit_change(change=change, by=change.author)  # type: ignore[arg-type]
    assert item is not None
    decide(uuid=item.uuid, outcome="rejected", by=staff, reason="Nej")
    QueueItem.objects.update(decided_at=timezone.now() - retention.MATTERS - DAY)
    assert retention.apply()["delete_filed_changes"] == 0
    file_matter(item=item, journal="2026-17", by=staff)
    assert retention.apply()["delete_filed_changes"] == 1
    assert not QueueItem.objects.exists() and Content.objects.get().is_public
    assert Decision.objects.filter(change_uuid=change.uuid, action="change-rejected", reason="Nej").exists()


def _matters(staff: User) -> dict[str, QueueItem]:
    """An answered matter of each kind that is no contribution."""
    page, workplace, person = published(), WorkplaceFactory.create(), UserFactory.create()
    report_content(report=Report(reason="andet", text="Her er en fejl."), content=page, by=person)
    ask_withdrawal(content=page, by=person, reason="Vi vil ikke mere.")
    ask_role(user=person, workplace=workplace, role="kontaktperson", note="Jeg er leder.")
    for kind in (
        QueueKind.REUSE, QueueKind.THANKS, QueueKind.QUESTION, QueueKind.IDEA, QueueKind.COMMENT, QueueKind.ADDITION,
    ):  # fmt: skip
        item = QueueItem.objects.create(kind=kind, title=kind, content=page, sender=person)
        Letter.objects.create(item=item, from_editors=False, author=person, text="Et brev.")
    propose_workplace(
        facts={"name": "Huset", "sector": "kommune", "municipality": "0751"}, message="Hej", by=person
    )
    QueueItem.objects.update(decided_at=timezone.now(), outcome="rejected")
    return {item.kind: item for item in QueueItem.objects.all()}


def test_what_is_no_contribution_goes_a_year_after_the_answer_when_it_is_filed() -> None:
    """Of every kind, with its letters and the report; what it was about and the log stand."""
    staff = editor()
    matters = _matters(staff)
    assert set(matters) == set(QueueKind) - {QueueKind.CONTENT, QueueKind.CHANGE}
    year_ago = timezone.now() - retention.MATTERS
    for at, is_filed, gone in [
        (year_ago - DAY, False, 0),  # nobody has filed it
        (year_ago + DAY, True, 0),  # too young
        (year_ago - DAY, True, len(matters)),
        (year_ago - DAY, True, 0),
    ]:
        QueueItem.objects.update(decided_at=at)
        if is_filed:
            for item in QueueItem.objects.all():
                file_matter(item=item, journal="2026-19", by=staff)
        log = Decision.objects.count()
        assert retention.apply()["delete_filed_matters"] == gone
        assert Decision.objects.count() == log
    assert not QueueItem.objects.exists() and not Report.objects.exists() and not Letter.objects.exists()
    assert Content.objects.get().is_public and Membership.objects.exists()


def test_what_waits_and_what_is_a_contribution_stays() -> None:
    """A matter that has no answer, however old; an approved contribution with its matter; and the matter of content
    that is over, which goes with the content.
    """
    staff, old = editor(), timezone.now() - retention.MATTERS - DAY
    page = published()
    report_content(report=Report(reason="andet", text="Her er en fejl."), content=page, by=None)
    QueueItem.objects.create(kind="content", title="Bidrag", content=page, decided_at=old, outcome="approved")
    over = published()
    ask_withdrawal(content=over, by=None, reason="Væk")
    item = QueueItem.objects.get(kind="withdrawal")
    decide(uuid=item.uuid, outcome="approved", by=staff)
    QueueItem.objects.filter(pk=item.pk).update(decided_at=old)
    for row in QueueItem.objects.filter(decided_at__isnull=False):
        file_matter(item=row, journal="2026-20", by=staff)
    done = retention.apply()
    assert (done["delete_filed_matters"], QueueItem.objects.count()) == (0, 3)
    Decision.objects.filter(content_uuid=over.uuid).update(at=old)
    assert retention.apply()["delete_filed_contributions"] == 1
    assert set(QueueItem.objects.values_list("kind", flat=True)) == {"content", "report"}


def test_the_history_of_a_deleted_draft_goes(as_web_role: AsWebRole) -> None:
    """And the function takes no other: not of what is there, was sent, or is not filed."""
    draft = EntryFactory.create(author=UserFactory.create())
    there, sent_, public = (
        EntryFactory.create(),
        EntryFactory.create(author=UserFactory.create()),
        published(),
    )
    submit_content(content=sent_, by=sent_.author)
    keys = [there.pk, sent_.pk, public.pk]
    for gone in (draft, sent_, public):
        gone.delete()
    for key in (*keys, 10**9):
        with (
            as_web_role(),
            pytest.raises(ProgrammingError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT coi_forget_content(%s)", [key])
    assert retention.apply()["forget_drafts"] == 1
    events: Any = apps.get_model("editorial.ContentEvent")
    left = set(events.objects.values_list("pgh_obj_id", flat=True))
    assert left == set(keys)
    assert retention.apply()["forget_drafts"] == 0


def test_unused_accounts_are_erased_after_a_warning() -> None:
    """Three years; logging in keeps it; staff are never erased by a clock."""
    now = timezone.now()
    gone, back, new = UserFactory.create(), UserFactory.create(), UserFactory.create()
    staff = editor()
    long_ago = now - retention.ACCOUNTS - DAY
    User.objects.exclude(pk=new.pk).update(date_joined=long_ago, last_login=None)
    User.objects.filter(pk=back.pk).update(last_login=long_ago)
    assert retention.apply()["warn_of_accounts"] == 2
    Warned.objects.update(at=now - retention.WARNING - DAY)
    User.objects.filter(pk=back.pk).update(last_login=now)
    assert retention.apply()["erase_accounts"] == 1
    assert set(User.objects.values_list("pk", flat=True)) == {back.pk, new.pk, staff.pk}
    assert not User.objects.filter(pk=gone.pk).exists()
    assert Erasure.objects.get().why == Why.UNUSED


def test_accounts_that_nobody_confirmed_are_erased() -> None:
    """After 30 days, without a mail; who has confirmed, has logged in, is staff or holds something is left alone."""
    now = timezone.now()
    gone, young = UserFactory.create(confirmed=False), UserFactory.create(confirmed=False)
    kept = [young, UserFactory.create(), UserFactory.create(confirmed=False), editor(confirmed=False)]
    writer, member = UserFactory.create(confirmed=False), UserFactory.create(confirmed=False)
    EntryFactory.create(author=writer)
    membership(user=member, workplace=WorkplaceFactory.create(), role=Role.EMPLOYEE)
    kept += [writer, member]
    old = now - retention.UNCONFIRMED
    User.objects.update(last_login=None, date_joined=old - DAY)
    User.objects.filter(pk=young.pk).update(date_joined=old + DAY)
    User.objects.filter(pk=kept[2].pk).update(last_login=old)
    assert retention.apply()["erase_unconfirmed"] == 1
    assert retention.apply()["erase_unconfirmed"] == 0
    assert set(User.objects.values_list("pk", flat=True)) == {user.pk for user in kept}
    assert not EmailAddress.objects.filter(email=gone.email).exists()
    assert Erasure.objects.get().why == Why.UNCONFIRMED
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(("days", "claimed", "left"), [(364, False, 1), (366, False, 0), (1, True, 0)])
def test_addresses_of_senders_go(days: int, claimed: bool, left: int) -> None:
    """A year after the answer, or at once when an account has taken over."""
    story = public_story()
    from editorial.models import Receipt

    Receipt.issue(story)
    SenderContact.objects.create(receipt=story.receipt, email="a@example.dk")
    Decision.objects.update(at=timezone.now() - dt.timedelta(days=days))
    if claimed:
        Receipt.objects.update(claimed_by=UserFactory.create(), claimed_at=timezone.now())
    retention.apply()
    assert SenderContact.objects.count() == left


def test_addresses_of_reporters_go_when_the_matter_is_closed() -> None:
    """While it waits they are needed for the answer."""
    entry = published()
    waits = submit_content(content=EntryFactory.create(), by=None)
    open_one = Report.objects.create(content=entry, item=waits, reason="forkert", email="a@example.dk")
    closed = Report.objects.create(content=entry, reason="forkert", email="b@example.dk")
    retention.apply()
    open_one.refresh_from_db()
    closed.refresh_from_db()
    assert (open_one.email, closed.email) == ("a@example.dk", "")


def test_roles_questions_and_logins_go() -> None:
    """Roles and questions after two years, log-ins when their session is over."""
    now = timezone.now()
    user, place = UserFactory.create(), WorkplaceFactory.create()
    for days in (729, 731):
        ended = {"state": MembershipState.ENDED, "ended_at": now - dt.timedelta(days=days)}
        Membership.objects.create(user=user, workplace=place, role=Role.EMPLOYEE, **ended)
        Inquiry.objects.create(
            entry=published(), asker=user, question="?", answer="!", state="answered",
            answered_at=now - dt.timedelta(days=days),
        )  # fmt: skip
    UserSession.objects.create(user=user, session_key="over", ip="192.0.2.1", user_agent="x", data={})
    retention.apply()
    assert (Membership.objects.count(), Inquiry.objects.count(), UserSession.objects.count()) == (1, 1, 0)


def test_applications_and_wishes_go_two_years_after_round_and_stay() -> None:
    """The round's last day, or the stay's, whichever is later; without either, when it was last touched."""
    today = timezone.localdate()

    def over(days: int) -> Any:
        """A round that ended so many days ago."""
        row = RoundFactory.create(year=2015 + days % 60)
        first = today - dt.timedelta(days=days)
        names = (
            "offers_from", "offers_until", "applications_from", "applications_until", "answers_until",
            "agreements_until", "stays_from", "stays_until", "evaluation_until",
        )  # fmt: skip
        dates = {name: first - dt.timedelta(days=len(names) - 1 - n) for n, name in enumerate(names)}
        Round.objects.filter(pk=row.pk).update(**dates, seats_move_on=dates["applications_from"])
        return row

    young, old = over(729), over(732)
    for row in (young, old):
        ready_application(round=row)
        OpenWish.objects.create(guest=UserFactory.create(), round=row, text="Et")
    for days in (729, 732):
        before = timezone.now() - dt.timedelta(days=days)
        loose = ApplicationFactory.create(round=None)
        Application.objects.filter(pk=loose.pk).update(updated_at=before)
        OpenWish.objects.create(guest=UserFactory.create(), text="Et", created_at=before)
    offer = public_offer()
    for days in (729, 732):
        day = today - dt.timedelta(days=days)
        with_stay = ready_application(round=offer.round)
        Application.objects.filter(pk=with_stay.pk).update(round=old)
        stay_at(offer, application=with_stay, starts_on=day, ends_on=day, state="holdt")
    done = retention.apply()
    assert (done["forget_applications"], done["forget_open_wishes"]) == (3, 2)
    assert Application.objects.filter(round=old).count() == 1 and Application.objects.count() == 3
    assert Stay.objects.count() == 2 and Stay.objects.filter(application=None).count() == 1
    assert retention.apply()["forget_applications"] == 0


def test_a_rule_that_fails_holds_up_no_other(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    """It is logged, and the rest is done."""

    def fail(moment: dt.datetime) -> int:
        raise RuntimeError

    rules = (retention.Rule("first", (), "", fail), *retention.RULES)
    monkeypatch.setattr(retention, "RULES", rules)
    assert set(retention.apply()) == {rule.name for rule in rules}
    tasks.apply_retention(timestamp=0)


def test_rules_and_what_is_spared_name_registered_tables() -> None:
    """And each table that is spared says why."""
    for rule in retention.RULES:
        assert set(rule.tables) <= set(REGISTER)
        assert rule.says
    assert set(retention.SPARED) <= set(REGISTER)
    assert all(apps.get_model(label) for label in retention.SPARED)
