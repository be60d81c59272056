"""Joining ideas: nothing is lost, nobody is counted twice, and it is undone exactly."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from editorial.models import Receipt, SenderContact
from editorial.models.querysets import TransitionError
from ideastorm.joining.actions import join, part
from ideastorm.models import Idea, IdeaMerge, Storm, Support
from notices.models import Notice
from search.models import Document
from tests.factories import StormFactory, UserFactory, editor, public_idea, public_storm

pytestmark = pytest.mark.django_db
IDEAS, PEOPLE = 4, 5
SUPPORT = st.sets(st.tuples(st.integers(0, IDEAS - 1), st.integers(0, PEOPLE - 1)))
PAIRS = st.lists(st.tuples(st.integers(0, IDEAS - 1), st.integers(0, IDEAS - 1)), max_size=5)
EXAMPLES = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def storm_with(days_ago: int, supported: set[tuple[int, int]], users: list[User]) -> tuple[Storm, list[Idea]]:
    """A public storm with ideas and who supports them."""
    storm = StormFactory.create(opens_at=timezone.now() - dt.timedelta(days=days_ago))
    ideas = [public_idea(storm=storm, shown_as="navn", shown_name=f"Forfatter {n}") for n in range(IDEAS)]
    for n, k in supported:
        Support.objects.create(idea=ideas[n], user=users[k])
    storm.publish(by=None)
    for idea in ideas:
        idea.refresh_from_db()
        idea.reindex()
    return Storm.objects.with_phase().get(pk=storm.pk), ideas


def public_state(storm: Storm, ideas: list[Idea]) -> dict[str, Any]:
    """Everything that anybody can read: pages as they are, lists in each order, and numbers."""
    client, url = Client(), storm.get_absolute_url()
    pages = {idea.slug: client.get(idea.get_absolute_url()).content for idea in ideas}
    lists = {
        sort: client.get(url, {"sort": sort}).content
        for sort in ("stoette", "nyeste", "kommentarer", "titel")
    }
    return {
        "pages": pages, "lists": lists, "overview": client.get("/idestorme/").content,
        "counts": Support.objects.counts([idea.pk for idea in ideas]),
        "visible": sorted(Document.objects.filter(content__in=ideas, visible=True).values_list("content", flat=True)),
    }  # fmt: skip


@EXAMPLES
@given(supported=SUPPORT, pairs=PAIRS, data=st.data())
def test_undone_exactly(
    supported: set[tuple[int, int]], pairs: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Whatever is joined and parted again, every page, list and number is as before; meanwhile support is the union."""
    users, by = [UserFactory.create() for _ in range(PEOPLE)], editor()
    storm, ideas = storm_with(30, supported, users)
    before = public_state(storm, ideas)
    groups = {n: {n} for n in range(IDEAS)}
    for merged, survivor in pairs:
        # One level: what stands alone goes into what stands by itself.
        may = merged != survivor and groups.get(merged) == {merged} and survivor in groups
        try:
            join(merged=ideas[merged], survivor=ideas[survivor], reason="", by=by)
        except TransitionError:
            assert not may
            continue
        assert may
        groups[survivor] |= groups.pop(merged)
    counts = Support.objects.counts([idea.pk for idea in ideas])
    for root, group in groups.items():
        people = {k for n, k in supported if n in group}
        assert Support.objects.of_group(ideas[root]).people() == len(people) == counts.get(ideas[root].pk, 0)
    if len(groups) < IDEAS:
        assert public_state(storm, ideas) != before
    joined = list(IdeaMerge.objects.active().filter(merged__storm=storm).select_related("merged"))
    for row in data.draw(st.permutations(joined)):
        assert part(merged=row.merged, by=by)
    assert public_state(storm, ideas) == before


@EXAMPLES
@given(supported=SUPPORT, later=SUPPORT, taken_back=SUPPORT)
def test_what_happens_meanwhile_stays_where_it_was_given(
    supported: set[tuple[int, int]], later: set[tuple[int, int]], taken_back: set[tuple[int, int]]
) -> None:
    """Support that comes and goes while they are joined is each idea's own when they are parted."""
    users, by = [UserFactory.create() for _ in range(PEOPLE)], editor()
    _storm, ideas = storm_with(1, supported, users)
    for n in range(1, IDEAS):
        join(merged=ideas[n], survivor=ideas[0], reason="", by=by)
    for n, k in later - supported:
        Support.objects.create(idea=ideas[n], user=users[k])
    for n, k in taken_back:
        Support.objects.filter(idea=ideas[n], user=users[k]).delete()
    now = (supported | later) - taken_back
    assert Support.objects.of_group(ideas[0]).people() == len({k for _n, k in now})
    for n in range(1, IDEAS):
        part(merged=ideas[n], by=by)
    for n, idea in enumerate(ideas):
        assert Support.objects.of_group(idea).people() == len({k for m, k in now if m == n})


def test_both_are_read_credited_and_told(client: Client) -> None:
    """The original stays readable and leads on; the survivor names all; authors are told once, also by mail."""
    author = UserFactory.create()
    storm = public_storm()
    names = {"shown_as": "navn"}
    survivor = public_idea(storm=storm, author=author, shown_name="Anna Ager", **names)
    mine = public_idea(storm=storm, author=author, shown_name="Anna Ager", **names)
    guest = public_idea(storm=storm, author=None, shown_name="Birthe, 71 år", **names)
    Receipt.issue(guest)
    SenderContact.objects.create(receipt=guest.receipt, email="birthe@example.dk")
    by = editor()
    join(merged=guest, survivor=survivor, reason="Begge er 100 % om breve", by=by)
    told = Notice.objects.filter(event="behandling")
    assert sorted(n.address or n.recipient.email for n in told) == sorted(["birthe@example.dk", author.email])  # type: ignore[union-attr]
    assert all("100 % om breve" in n.text and survivor.title in n.text for n in told)
    join(merged=mine, survivor=survivor, reason="", by=by)
    assert (
        Notice.objects.filter(recipient=author).count() == 2
    )  # one for each merge, not one for each of their ideas
    page = client.get(survivor.get_absolute_url()).content.decode()
    assert "Birthe, 71 år" in page and guest.get_absolute_url() in page and mine.get_absolute_url() in page
    original = client.get(guest.get_absolute_url())
    assert original.status_code == 200 and survivor.get_absolute_url() in original.content.decode()
    listed = client.get(storm.get_absolute_url()).content.decode()
    assert survivor.title in listed and guest.title not in listed
    row = IdeaMerge.objects.get(merged=guest)
    assert row.made_by_key == by.key
    part(merged=guest, by=by)
    row.refresh_from_db()
    assert row.undone_by_key == by.key and not part(merged=guest, by=by)
    assert guest.title in client.get(storm.get_absolute_url()).content.decode()


def other_storm(a: Idea, b: Idea) -> tuple[Idea, Idea]:
    """Into an idea of another storm."""
    return a, public_idea(storm=public_storm())


def itself(a: Idea, b: Idea) -> tuple[Idea, Idea]:
    """Into itself."""
    return a, a


def twice(a: Idea, b: Idea) -> tuple[Idea, Idea]:
    """What is joined already."""
    IdeaMerge.objects.create(merged=a, survivor=b)
    return a, public_idea(storm=a.storm)


def into_merged(a: Idea, b: Idea) -> tuple[Idea, Idea]:
    """Into what has been joined into another."""
    IdeaMerge.objects.create(merged=b, survivor=public_idea(storm=a.storm))
    return a, b


def taken_down(a: Idea, b: Idea) -> tuple[Idea, Idea]:
    """Into what was taken down."""
    b.suspend(by=None, reason="Prøve")
    return a, b


@pytest.mark.parametrize("how", [other_storm, itself, twice, into_merged, taken_down])
def test_what_cannot_be_joined(client: Client, how: Callable[[Idea, Idea], tuple[Idea, Idea]]) -> None:
    """In words, by the action and by the page."""
    storm = public_storm()
    merged, survivor = how(public_idea(storm=storm), public_idea(storm=storm))
    before = IdeaMerge.objects.count()
    by = editor()
    with pytest.raises(TransitionError) as refused:
        join(merged=merged, survivor=survivor, reason="", by=by)
    (said,) = refused.value.messages
    client.force_login(by)
    url = reverse("ideastorm:merge", args=[storm.slug, merged.slug])
    answer = client.post(url, {"survivor": survivor.slug, "reason": "Skrevet"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "[" not in said and (said in page or "Ideen kan ikke vælges" in page)
    assert IdeaMerge.objects.count() == before and not Notice.objects.exists()


def test_the_page_finds_and_joins(client: Client) -> None:
    """Similar ones of the storm with why; others by searching. Never one that is hidden or of another storm."""
    storm = public_storm()
    idea = public_idea(storm=storm, title="Rykkerbrevet om daginstitution skal forklare fristen")
    near = public_idea(storm=storm, title="Rykkerbrevet skal forklare fristen for daginstitution")
    far = public_idea(storm=storm, title="Cykelparkering ved stationen")
    hidden = public_idea(storm=storm, title="Rykkerbrevet om daginstitution uden frist")
    hidden.suspend(by=None, reason="Prøve")
    elsewhere = public_idea(storm=public_storm(), title="Rykkerbrevet om daginstitution med frist")
    client.force_login(editor())
    url = reverse("ideastorm:merge", args=[storm.slug, idea.slug])
    page = client.get(url).content.decode()
    assert near.title in page and "ligner på" in page and "daginstitution" in page
    for other in (far, hidden, elsewhere):
        assert other.title not in page
    assert far.title in client.get(url, {"q": "cykel"}).content.decode()
    for q in ("%", "_", "\0", "x" * 999):
        assert client.get(url, {"q": q}).status_code == 200
    assert client.post(url, {"survivor": near.slug}).url == near.get_absolute_url()
    assert client.post(url, {"survivor": near.slug}).status_code == 422
    undo = reverse("ideastorm:unmerge", args=[storm.slug, idea.slug])
    assert "Skil fra igen" in client.get(near.get_absolute_url()).content.decode()
    for _ in range(2):
        assert client.post(undo).url == idea.get_absolute_url()
    assert not IdeaMerge.objects.active().exists()


def test_not_when_it_is_finished() -> None:
    """What was joined then stays so, too."""
    storm, ideas = storm_with(30, set(), [])
    join(merged=ideas[0], survivor=ideas[1], reason="", by=editor())
    for idea in ideas:
        idea.suspend(by=None, reason="Så er alt besvaret")
    Storm.objects.filter(pk=storm.pk).update(finished_at=timezone.now())
    for action in (
        lambda: join(merged=ideas[2], survivor=ideas[1], reason="", by=editor()),
        lambda: part(merged=ideas[0], by=editor()),
    ):
        with pytest.raises(TransitionError, match="afsluttet"):
            action()


def threads(*actions: Callable[[], Any]) -> list[Any]:
    """What each gave, or how it was refused, over connections of their own, from one barrier."""
    barrier, results = threading.Barrier(len(actions)), dict[int, Any]()

    def run(n: int, action: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(10)
            results[n] = action()
        except Exception as error:  # the test looks at it
            results[n] = error
        finally:
            connection.close()

    running = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(30)
    return [results[n] for n in range(len(actions))]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_moderators_at_once() -> None:
    """Each into the other: one is joined, the other is told; the authors hear of one."""
    author = UserFactory.create()
    storm = public_storm()
    a, b = public_idea(storm=storm, author=author), public_idea(storm=storm)
    moderators = editor(), editor()
    results = threads(
        lambda: join(merged=a, survivor=b, reason="", by=moderators[0]),
        lambda: join(merged=b, survivor=a, reason="", by=moderators[1]),
    )
    assert sorted(type(r).__name__ for r in results) == ["IdeaMerge", "TransitionError"]
    assert IdeaMerge.objects.active().count() == Notice.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_support_while_they_are_joined() -> None:
    """The merge pauses with both rows in hand; support for either comes in, none is lost and nobody counts twice."""
    storm = public_storm()
    a, b = public_idea(storm=storm), public_idea(storm=storm)
    users, by = [UserFactory.create() for _ in range(4)], editor()
    inside, results = threading.Event(), list[Any]()

    def support(idea: Idea, user: User) -> None:
        inside.wait(10)
        try:
            results.append(Support.objects.create(idea=idea, user=user))
        except Exception as error:  # the test looks at it
            results.append(error)
        finally:
            connection.close()

    pairs = [(a, users[0]), (a, users[1]), (b, users[1]), (b, users[2]), (b, users[3]), (a, users[3])]
    running = [threading.Thread(target=support, args=pair) for pair in pairs]
    for thread in running:
        thread.start()
    with transaction.atomic():
        join(merged=a, survivor=b, reason="", by=by)
        inside.set()
        running[0].join(0.5)
    for thread in running:
        thread.join(30)
    assert [r for r in results if isinstance(r, Exception)] == [] and len(results) == 6
    assert Support.objects.of_group(b).people() == 4 == Support.objects.counts([b.pk])[b.pk]
    part(merged=a, by=by)
    assert (Support.objects.of_group(a).people(), Support.objects.of_group(b).people()) == (3, 3)
