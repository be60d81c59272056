"""Tags, subject areas and the log in admin, and the actions behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from editorial import actions, tasks
from editorial.models import Change, Decision, SubjectArea, Tag, TagSynonym
from editorial.models.subjects import resolve_tags
from search.models import Document
from tests.admin_forms import errors, row, save, send, shown, told
from tests.factories import (
    EntryFactory,
    TagFactory,
    UserFactory,
    WorkplaceFactory,
    WorkplacePeriodFactory,
    editor,
    published,
)

pytestmark = pytest.mark.django_db
TAGS = "/admin/editorial/tag/"
MERGE = "/admin/editorial/tag/laeg-sammen/"
AREAS = "/admin/editorial/subjectarea/"
LOG = "/admin/editorial/decision/"
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def staff(client: Client) -> Client:
    """A signed-in editor."""
    client.force_login(editor(name="Mette Redaktør"))
    return client


def change(tag: Any) -> str:
    return reverse("admin:editorial_tag_change", args=[tag.pk])


def test_strangers_and_staff_without_rights_stay_out(client: Client) -> None:
    a, b = TagFactory.create(), TagFactory.create()
    for user, status in ((None, 302), (UserFactory.create(), 302), (UserFactory.create(is_staff=True), 403)):
        if user:
            client.force_login(user)
        for url in (TAGS, change(a), f"{MERGE}?ids={a.pk},{b.pk}", AREAS, LOG):
            assert client.get(url).status_code == status, url
        assert client.post(MERGE, {"ids": f"{a.pk},{b.pk}", "keep": a.pk}).status_code == status
    assert Tag.objects.count() == 2


# -- tags -----------------------------------------------------------------------


def test_a_tag_makes_its_own_address(staff: Client) -> None:
    response = save(staff, f"{TAGS}add/", name="Ældre på arbejde", **row("synonyms", name="senior"))
    assert response.redirect_chain, errors(response)
    tag = Tag.objects.get(name="Ældre på arbejde")
    assert tag.slug == "aeldre-paa-arbejde"
    assert tag.synonyms.get().name == "senior"


def test_renaming_keeps_the_old_word_and_what_is_found(staff: Client) -> None:
    entry = published(tags=["brugerinddragelse"])
    tag = Tag.objects.get(name="brugerinddragelse")
    response = save(staff, change(tag), name="borgerinddragelse")
    assert response.redirect_chain, errors(response)
    tag.refresh_from_db()
    assert tag.slug == "brugerinddragelse", "the address stays"
    assert tag.synonyms.get().name == "brugerinddragelse"
    keywords = Document.objects.get(content=entry).keywords
    assert "borgerinddragelse" in keywords
    assert "brugerinddragelse" in keywords
    save(staff, change(tag), name="inddragelse", keep_old=None)
    assert tag.synonyms.count() == 1


@pytest.mark.parametrize("name", ["VENTETID", "Kø", "  ventetid ", ""])
def test_a_word_means_one_thing(staff: Client, name: str) -> None:
    taken = TagFactory.create(name="ventetid")
    TagSynonym.objects.create(tag=taken, name="kø")
    tag = TagFactory.create(name="noget")
    assert "name" in errors(save(staff, change(tag), name=name))


@pytest.mark.parametrize("synonym", ["ventetid", "Ventetid", "kø"])
def test_a_synonym_is_no_other_tag_and_no_other_synonym(staff: Client, synonym: str) -> None:
    taken = TagFactory.create(name="ventetid")
    TagSynonym.objects.create(tag=taken, name="kø")
    tag = TagFactory.create(name="noget")
    response = save(staff, change(tag), **row("synonyms", name=synonym))
    assert "er et emne" in errors(response) or "allerede synonym" in errors(response)
    twice = {**row("synonyms", 0, name="Ord"), **row("synonyms", 1, name="ord")}
    assert "to gange" in errors(save(staff, change(tag), **twice))


def test_two_editors_at_one_tag(staff: Client) -> None:
    tag = TagFactory.create(name="før")
    mine = shown(staff.get(change(tag)))
    TagSynonym.objects.create(tag=tag, name="deres")
    assert "Intet er gemt" in errors(send(staff, change(tag), mine, name="min"))


def test_merging_tags(staff: Client) -> None:
    both, old_only = published(tags=["it", "digitalt"]), published(tags=["digitalt"])
    keep, gone = Tag.objects.get(name="it"), Tag.objects.get(name="digitalt")
    TagSynonym.objects.create(tag=gone, name="edb")
    page = staff.post(TAGS, {"action": "merge", "_selected_action": [keep.pk, gone.pk]}, follow=True)
    assert "digitalt" in page.content.decode()
    done = staff.post(MERGE, {"ids": f"{keep.pk},{gone.pk}", "keep": keep.pk}, follow=True)
    assert "lagt sammen" in told(done)
    assert list(both.tags.names()) == list(old_only.tags.names()) == ["it"]
    assert set(keep.synonyms.values_list("name", flat=True)) == {"digitalt", "edb"}
    document = Document.objects.get(content=old_only)
    assert document.tags == ["it"]
    assert "edb" in document.keywords
    assert LogEntry.objects.filter(object_id=str(keep.pk), change_message__contains="digitalt").exists()
    again = staff.post(MERGE, {"ids": f"{keep.pk},{gone.pk}", "keep": keep.pk}, follow=True)
    assert "ikke længere to" in told(again)


def test_a_merged_tag_does_not_come_back_with_a_change_that_waited() -> None:
    entry = published(tags=["it"])
    keep, gone = Tag.objects.get(name="it"), TagFactory.create(name="digitalt")
    waiting = Change.begin(entry, by=None, proposed={"tags": ["digitalt", "nyt"]})
    actions.merge_tags(keep=keep, others=[gone], by=None)
    waiting.refresh_from_db()
    waiting.approve(by=editor())
    assert sorted(entry.tags.names()) == ["it", "nyt"]


def test_merging_with_what_is_gone_is_refused() -> None:
    keep, gone = TagFactory.create(), TagFactory.create()
    copy = Tag.objects.get(pk=gone.pk)
    gone.delete()
    for others in ([copy], [], [keep]):
        with pytest.raises(actions.TagMergeError):
            actions.merge_tags(keep=keep, others=others, by=None)


@pytest.mark.parametrize("data", [{}, {"ids": "x"}, {"ids": "²,³"}, {"ids": "9" * 300}])
def test_hostile_merging(staff: Client, data: dict[str, str]) -> None:
    assert staff.post(MERGE, data).status_code == 302


def test_a_tag_that_is_deleted_is_found_no_more(staff: Client) -> None:
    entry = published(tags=["ventetid"])
    tag = Tag.objects.get(name="ventetid")
    assert staff.post(f"{TAGS}{tag.pk}/delete/", {"post": "yes"}).status_code == 302
    assert Document.objects.get(content=entry).tags == []


def test_the_list_of_tags_counts_and_is_bounded(staff: Client, django_assert_max_num_queries: Any) -> None:
    for n in range(20):
        published(tags=["fælles", f"eget {n}", EVIL])
    TagSynonym.objects.create(tag=Tag.objects.get(name="fælles"), name="sammen")
    with django_assert_max_num_queries(12):
        response = staff.get(TAGS)
    assert EVIL not in response.content.decode()
    found = staff.get(f"{TAGS}?q=sammen").context["cl"].result_list
    assert [(t.name, t.use_count) for t in found] == [("fælles", 20)]


def test_the_words_an_author_writes_are_resolved() -> None:
    tag = TagFactory.create(name="ventetid")
    TagSynonym.objects.create(tag=tag, name="Kø")
    found = resolve_tags(names=[" kø", "VENTETID", "", "nyt  ord"])
    assert [t.name for t in found] == ["ventetid", "nyt ord"]
    with pytest.raises(Tag.DoesNotExist):
        resolve_tags(names=["ukendt"], create=False)


# -- subject areas ----------------------------------------------------------------


def test_a_subject_area_that_is_in_use_stays(staff: Client) -> None:
    used, free = SubjectArea.objects.get(slug="aeldre"), SubjectArea.objects.get(slug="skole")
    entry = published(subject_areas=["aeldre"])
    assert staff.post(f"{AREAS}{used.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.post(f"{AREAS}{free.pk}/delete/", {"post": "yes"}).status_code == 302
    url = reverse("admin:editorial_subjectarea_change", args=[used.pk])
    response = save(staff, url, name="Ældre og omsorg", slug="noget-andet")
    assert response.redirect_chain, errors(response)
    used.refresh_from_db()
    assert (used.name, used.slug) == ("Ældre og omsorg", "aeldre")
    assert "Ældre og omsorg" in Document.objects.get(content=entry).keywords
    staff.post(AREAS, {"action": "delete_selected", "_selected_action": [used.pk], "post": "yes"})
    assert SubjectArea.objects.filter(pk=used.pk).exists()


def test_the_list_of_subject_areas(staff: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        assert staff.get(AREAS).status_code == 200


# -- the log ------------------------------------------------------------------------


def test_the_log_is_read_only_for_everybody(client: Client) -> None:
    entry = EntryFactory.create(title=EVIL)
    entry.publish(by=editor(name="Mette Redaktør"), reason="Fin")
    decision = Decision.objects.get(content_uuid=entry.uuid)
    one = reverse("admin:editorial_decision_change", args=[decision.pk])
    for user in (editor(), UserFactory.create(admin=True)):
        client.force_login(user)
        body = client.get(LOG).content.decode()
        assert "Mette Redaktør" in body
        assert "Kladde → Offentliggjort" in body
        assert EVIL not in body
        assert client.get(one).status_code == 200
        assert client.post(one, {"reason": "Rettet"}).status_code == 403
        assert client.get(f"{LOG}add/").status_code == 403
        assert client.post(f"{one.removesuffix('change/')}delete/", {"post": "yes"}).status_code == 403
        client.post(LOG, {"action": "delete_selected", "_selected_action": [decision.pk], "post": "yes"})
    decision.refresh_from_db()
    assert decision.reason == "Fin"
    found = client.get(f"{LOG}?content_uuid={entry.uuid}").context["cl"].result_list
    assert [d.pk for d in found] == [decision.pk]


def test_the_log_is_bounded_in_queries(staff: Client, django_assert_max_num_queries: Any) -> None:
    for _n in range(20):
        EntryFactory.create().publish(by=editor())
    with django_assert_max_num_queries(12):
        assert staff.get(LOG).status_code == 200


# -- jobs ------------------------------------------------------------------------------


def test_much_at_once_is_left_to_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[list[int]] = []
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    monkeypatch.setattr(type(tasks.reindex_later), "defer", lambda self, ids: sent.append(ids))
    entries = [published(tags=["fælles"]) for _n in range(3)]
    assert actions.reindex_tag(tag=Tag.objects.get(name="fælles")) == 3
    assert sent == [sorted(e.pk for e in entries)]
    monkeypatch.undo()
    Document.objects.update(title="")
    tasks.reindex_later(sent[0])
    assert not Document.objects.filter(title="", content__in=sent[0]).exists()


def test_a_new_day_brings_new_names_into_the_search(coi_clock: Callable[[dt.datetime], None]) -> None:
    workplace = WorkplaceFactory.create(name="Før")
    entry = published(owner=workplace)
    WorkplacePeriodFactory.create(workplace=workplace, name="Før", valid_to=dt.date(2027, 1, 1))
    WorkplacePeriodFactory.create(workplace=workplace, name="Efter", valid_from=dt.date(2027, 1, 1))
    tasks.follow_the_day(0)
    assert "Efter" not in Document.objects.get(content=entry).names
    coi_clock(dt.datetime(2027, 1, 1, 8, tzinfo=dt.UTC))
    tasks.follow_the_day(0)
    assert "Efter" in Document.objects.get(content=entry).names
    assert Document.objects.get(workplace=workplace).title == "Efter"
