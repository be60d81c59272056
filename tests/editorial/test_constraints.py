"""What must hold stands in the database: each rule refuses a row inserted by plain SQL."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from catalogue.models import Entry, Inquiry, Story, StoryThanks
from catalogue.models.exchange import ImportRun
from editorial.actions import merge_workplaces
from editorial.models import (
    Change,
    Consent,
    Content,
    Letter,
    Participation,
    QueueItem,
    Reading,
    Receipt,
    Report,
    Sought,
    StandardReason,
    TagSynonym,
)
from editorial.models.proposal import ProposalDraft
from ideastorm.models import (
    Assignment,
    Comment,
    Conflict,
    Follow,
    IdeaAddition,
    IdeaAnswer,
    IdeaMerge,
    IdeaNews,
    IdeaVersion,
    Invitation,
    Score,
    Support,
    SupportAddress,
)
from places.models import Membership
from search.models import Document
from tests.factories import (
    CollectionEntryFactory,
    CollectionFactory,
    EntryFactory,
    IdeaFactory,
    LinkFactory,
    MeasureFactory,
    PictureFactory,
    ProjectFactory,
    ReuseFactory,
    StormFactory,
    TagFactory,
    UnitFactory,
    UserFactory,
    WorkplaceFactory,
    public_idea,
    public_storm,
    published,
)

OURS = ("editorial", "catalogue", "mapping", "ideastorm", "search")


def insert_like(row: models.Model, **changes: Any) -> None:
    """Insert a copy of `row` with `changes`, by SQL alone; the key, uuid and slug are new unless given."""
    fields = [
        f for f in row._meta.local_concrete_fields if not f.generated and not isinstance(f, models.AutoField)
    ]
    columns = [f.column for f in fields]
    changes = {**({"uuid": str(uuid.uuid4())} if "uuid" in columns else {}), **changes}
    if isinstance(row, Content) and row._meta.model is Content:
        changes.setdefault("slug", f"s-{uuid.uuid4().hex}")
    assert set(changes) <= set(columns), columns
    table = connection.ops.quote_name(row._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, columns))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{table},"
            f" (SELECT to_jsonb(t) FROM {table} t WHERE {row._meta.pk.column} = %s) || %s::jsonb)",
            [row.pk, json.dumps(changes, default=str)],
        )


def content(**fields: Any) -> Content:
    """A public row of the content table."""
    return Content.objects.get(pk=published(**fields).pk)


def reading() -> Reading:
    """A day's total of a page."""
    return Reading.objects.create(content=content(), day="2026-01-01")


def sought() -> Sought:
    """A month's total of a search."""
    return Sought.objects.create(workplace=WorkplaceFactory.create(), month="2026-01-01", fingerprint="x")


def change() -> Change:
    """A draft change."""
    return Change.begin(published(), by=UserFactory.create(), proposed={"title": "x"})


def document() -> Document:
    """A search document."""
    return Document.objects.get(content=published())


def import_run() -> ImportRun:
    """A file that is being read."""
    return ImportRun.objects.create(name="fil.csv", file=b"x", requested_by=uuid.uuid4())


def item(**fields: Any) -> QueueItem:
    """Something that waits."""
    return QueueItem.objects.create(kind="report", title="x", content=content(), **fields)


def receipt() -> Receipt:
    """A receipt."""
    Receipt.issue(content())
    return Receipt.objects.get()


def story() -> Story:
    """A good story."""
    return Story.objects.create(kind="historie", title="x", summary="x", text="x")


def thanks() -> StoryThanks:
    """A thank-you."""
    return StoryThanks.objects.create(story=story(), workplace=WorkplaceFactory.create(), text="Tak")


def inquiry() -> Inquiry:
    """A question."""
    return Inquiry.objects.create(entry=published(), asker=UserFactory.create(), question="Hvad kostede det?")


def support(**fields: Any) -> Support:
    """Somebody's support."""
    idea = public_idea()
    return Support.objects.create(**{"idea": idea, "user": UserFactory.create(), **fields})


def follow_of_storm(**fields: Any) -> Follow:
    """Somebody follows a storm."""
    return Follow.objects.create(
        **{"user": UserFactory.create(), "storm": public_storm(), "told_phase": "ideer", **fields}
    )


def follow_of_idea(**fields: Any) -> Follow:
    """Somebody follows an idea."""
    return Follow.objects.create(**{"user": UserFactory.create(), "idea": public_idea(), **fields})


def support_by_address() -> Support:
    """The support of a confirmed address."""
    idea = public_idea()
    address = SupportAddress.objects.create(
        storm=idea.storm, address_hash=64 * "a", confirmed_at=timezone.now()
    )
    return Support.objects.create(idea=idea, address=address)


def comment(**fields: Any) -> Comment:
    """A comment."""
    return Comment.objects.create(idea=public_idea(), text="Ja tak", **fields)


def merge() -> IdeaMerge:
    """Two ideas that are read as one."""
    idea = public_idea()
    return IdeaMerge.objects.create(survivor=idea, merged=public_idea(storm=idea.storm))


def score() -> Score:
    """Points, in a storm that is being set up, where the clock does not matter."""
    idea = IdeaFactory.create(storm=StormFactory.create())
    assignment = Assignment.objects.create(idea=idea, assessor=UserFactory.create())
    return Score.objects.create(assignment=assignment, criterion=idea.storm.criteria.first(), points=3)


def answer(**fields: Any) -> IdeaAnswer:
    """An answer."""
    return IdeaAnswer.objects.create(
        **{"idea": public_idea(), "status": "ikke-nu", "reason": "Vi begynder et andet sted.", **fields}
    )


def invitation() -> Invitation:
    """A workplace's link."""
    return Invitation.objects.create(storm=StormFactory.create(), workplace=WorkplaceFactory.create())


Make = Callable[[], models.Model]
STORM_CHECKS: list[tuple[Make, dict[str, Any], str]] = [
    (
        lambda: StormFactory.create().criteria.first(),
        {"weight": 101, "title": "x"},
        "criterion_weight_in_range",
    ),
    (lambda: StormFactory.create().criteria.first(), {}, "criterion_once"),
    (invitation, {"code_hash": 64 * "a"}, "invitation_once_per_workplace"),
    (invitation, {"code_hash": "x", "revoked_at": "2026-01-01T00:00:00Z"}, "invitation_is_hashed"),
    (
        lambda: IdeaVersion.objects.create(idea=IdeaFactory.create(), number=1, title="x", text="x"),
        {},
        "idea_version_once",
    ),
    (
        lambda: IdeaAddition.objects.create(idea=IdeaFactory.create(), text="x"),
        {"text": " "},
        "idea_addition_has_text",
    ),
    (follow_of_storm, {}, "follow_storm_once"),
    (follow_of_storm, {"told_phase": "x"}, "follow_knows_phase"),
    (follow_of_storm, {"storm_id": None, "told_phase": ""}, "follow_of_one_thing"),
    (follow_of_idea, {}, "follow_idea_once"),
    (support, {}, "support_once_per_account"),
    (support, {"user_id": None}, "support_of_one_person"),
    (support_by_address, {}, "support_once_per_address"),
    (lambda: support_by_address().address, {}, "support_address_once"),  # type: ignore[return-value,arg-type]
    (lambda: support_by_address().address, {"address_hash": "x"}, "support_address_is_hashed"),  # type: ignore[return-value,arg-type]
    (comment, {"shown_as": "x"}, "comment_shown_as_known"),
    (comment, {"text": " "}, "comment_has_text"),
    (comment, {"shown_name": "Bo"}, "comment_name_only_when_shown"),
    (comment, {"shown_as": "arbejdsplads"}, "comment_shown_workplace_is_there"),
    (comment, {"hidden_at": "2026-01-01T00:00:00Z"}, "comment_hidden_has_reason"),
    (comment, {"hidden_reason": "Spam"}, "comment_hidden_has_reason"),
    (
        lambda: Conflict.objects.create(idea=IdeaFactory.create(), assessor=UserFactory.create()),
        {"kind": "x"},
        "conflict_kind_known",
    ),
    (
        lambda: Conflict.objects.create(idea=IdeaFactory.create(), assessor=UserFactory.create()),
        {},
        "conflict_once",
    ),
    (
        lambda: Assignment.objects.create(idea=IdeaFactory.create(), assessor=UserFactory.create()),
        {},
        "assignment_once",
    ),
    (score, {}, "score_once"),
    (score, {"points": 6}, "score_in_range"),
    (score, {"points": 0}, "score_in_range"),
    (answer, {"number": 2, "status": "x"}, "answer_status_known"),
    (answer, {}, "answer_version_once"),
    (answer, {"number": 2, "reason": " "}, "answer_has_reason"),
    (answer, {"number": 2, "authority": "Skat"}, "answer_sent_on_to_whom"),
    (answer, {"number": 2, "status": "sendt-videre", "authority": "Skat"}, "answer_sent_on_to_whom"),
    (answer, {"number": 2, "status": "sendt-videre", "sent_on": "2026-01-01"}, "answer_sent_on_to_whom"),
    (answer, {"number": 2, "status": "findes"}, "answer_exists_where"),
    (
        lambda: IdeaNews.objects.create(idea=IdeaFactory.create(), text="x", happened_on="2026-01-01"),
        {"text": " "},
        "idea_news_has_text",
    ),
]
"""Rules of ideastorm's tables, tried as those of CHECKS."""
CHECKS: list[tuple[Make, dict[str, Any], str]] = [
    (content, {"kind": "maskine"}, "content_kind_known"),
    (content, {"state": "glemt"}, "content_state_known"),
    (content, {"sectors": ["stat", "maanen"]}, "content_sectors_known"),
    (content, {"sectors": [None]}, "content_sectors_known"),
    (content, {"year_from": 2020, "year_to": 2019}, "content_years_forward"),
    (content, {"year_from": 1899}, "content_years_plausible"),
    (content, {"year_to": 2101}, "content_years_plausible"),
    (content, {"source_year": 3000}, "content_years_plausible"),
    (content, {"municipality_id": "0751", "region_id": "1082"}, "content_one_place"),
    (content, {"slug": None}, "content_public_has_address"),
    (content, {"published_at": None}, "content_public_has_address"),
    (content, {"state": "suspended", "slug": None}, "content_public_has_address"),
    (content, {"state": "archived", "published_at": None}, "content_public_has_address"),
    (content, {"slug": "Å"}, "content_slug_ascii"),
    (content, {"slug": "-a"}, "content_slug_ascii"),
    (content, {"slug": "a\n"}, "content_slug_ascii"),
    (content, {"slug": ""}, "content_slug_ascii"),
    (content, {"title": ""}, "content_has_title"),
    (content, {"title": " \n\t"}, "content_has_title"),
    (change, {"state": "glemt"}, "change_state_known"),
    (change, {"state": "submitted"}, "change_submitted_has_time"),
    (lambda: LinkFactory.create(content=published()), {"kind": "x"}, "link_kind_known"),
    (lambda: LinkFactory.create(content=published()), {"url": "javascript:alert(1)"}, "link_is_web"),
    (lambda: LinkFactory.create(content=published()), {"url": ""}, "link_is_web"),
    (lambda: PictureFactory.create(content=published()), {"name": "x", "width": 0}, "picture_has_size"),
    (lambda: PictureFactory.create(content=published()), {}, "picture_once_per_content"),
    (TagFactory.create, {"name": "x", "slug": "Æ"}, "tag_slug_ascii"),
    (
        lambda: TagSynonym.objects.create(tag=TagFactory.create(), name="ældre"),
        {"name": "ÆLDRE"},
        "tag_synonym_once",
    ),
    (lambda: published(tags=["x"]).tagged_items.get(), {}, "tag_once_per_content"),
    (
        lambda: Participation.objects.create(content=published(), workplace=WorkplaceFactory.create()),
        {},
        "participation_once",
    ),
    (lambda: MeasureFactory.create(entry=published()), {"better": "x"}, "measure_better_known"),
    (lambda: MeasureFactory.create(entry=published()), {"before": None, "after": None}, "measure_has_number"),
    (lambda: ReuseFactory.create(entry=published()), {"kind": "x"}, "reuse_kind_known"),
    (lambda: ReuseFactory.create(entry=published()), {"phase": "x"}, "reuse_phase_known"),
    (lambda: ReuseFactory.create(entry=published()), {"year": 1}, "reuse_year_plausible"),
    (lambda: ReuseFactory.create(entry=published()), {}, "reuse_once_per_workplace"),
    (CollectionFactory.create, {"slug": "Æ"}, "collection_slug_ascii"),
    (lambda: CollectionEntryFactory.create(entry=published()), {}, "entry_once_per_chapter"),
    (import_run, {"state": "x"}, "import_run_state_known"),
    (import_run, {"finished_at": "2026-01-01T00:00:00Z"}, "import_run_finished_is_over"),
    (item, {"kind": "x"}, "queue_kind_known"),
    (item, {"outcome": "x", "decided_at": "2026-01-01T00:00:00Z"}, "queue_outcome_known"),
    (item, {"outcome": "approved"}, "queue_decided_has_outcome"),
    (item, {"decided_at": "2026-01-01T00:00:00Z"}, "queue_decided_has_outcome"),
    (
        lambda: item(claimed_by=UserFactory.create(), claimed_at=timezone.now()),
        {"claimed_at": None},
        "queue_claim_has_time",
    ),
    (item, {"filed_at": "2026-01-01T00:00:00Z"}, "queue_filed_is_decided"),
    (item, {"journal": "2026-17"}, "queue_filed_is_decided"),
    (item, {"kind": "change"}, "queue_change_has_change"),
    (item, {"kind": "membership"}, "queue_membership_has_role"),
    (
        lambda: Letter.objects.create(item=item(), from_editors=True, text="x"),
        {"text": " \n"},
        "letter_has_text",
    ),
    (
        lambda: Letter.objects.create(item=item(), from_editors=True, text="x"),
        {"from_others": True},
        "letter_from_one_side",
    ),
    (StandardReason.objects.first, {"title": "y", "outcome": "approved"}, "reason_for_no_or_question"),
    (receipt, {"code_hash": "ABCD"}, "receipt_is_hashed"),
    (lambda: Consent.objects.create(content=content(), what="visning", version="1"), {}, "consent_once"),
    (
        lambda: Report.objects.create(content=content(), reason="forkert"),
        {"reason": "x"},
        "report_reason_known",
    ),
    (
        lambda: Report.objects.create(content=content(), reason="forkert"),
        {"reason": "andet"},
        "report_other_is_told",
    ),
    (thanks, {"text": " "}, "thanks_has_text"),
    (thanks, {}, "thanks_once_per_workplace"),
    (lambda: ProposalDraft.objects.create(content=content()), {"content_id": None}, "proposal_draft_of_one"),
    (inquiry, {"state": "x"}, "inquiry_state_known"),
    (inquiry, {"question": ""}, "inquiry_has_question"),
    (inquiry, {"state": "answered"}, "inquiry_answered_has_answer"),
    (inquiry, {"answered_at": "2026-01-01T00:00:00Z"}, "inquiry_answered_has_answer"),
    (content, {"lat": "55.1", "municipality_id": "0751"}, "content_point_in_denmark"),
    (content, {"lat": "55.1", "lng": "2.1", "municipality_id": "0751"}, "content_point_in_denmark"),
    (content, {"lat": "55.1", "lng": "10.1", "municipality_id": None}, "content_point_has_municipality"),
    (reading, {}, "reading_once_a_day"),
    (reading, {"content_id": None}, "reading_of_one_page"),
    (reading, {"workplace_id": 1}, "reading_of_one_page"),
    (sought, {}, "sought_once_a_month"),
    (sought, {"fingerprint": "y", "words": "tillid"}, "sought_words_only_of_many"),
    (document, {"workplace_id": 1}, "document_of_one_row"),
    (document, {"lat": 55.1}, "document_point_whole"),
    (document, {"content_id": None}, "document_of_one_row"),
]
ENTRY_CHECKS: list[tuple[str, dict[str, Any], str]] = [
    ("vaerktoej", {"status": "x"}, "entry_status_known"),
    ("vaerktoej", {"novelty": "x"}, "entry_novelty_known"),
    ("vaerktoej", {"effect_known_by": "x"}, "entry_evidence_known"),
    ("vaerktoej", {"values": ["x"]}, "entry_values_known"),
    ("vaerktoej", {"innovation_types": ["x"]}, "entry_innovation_types_known"),
    ("eksempel", {"status": "ide"}, "an example has been carried out"),
    ("eksempel", {"status": "forslag"}, "an example has been carried out"),
]
OF_ITS_OWN_TABLE: list[tuple[Callable[[], models.Model], dict[str, Any], str]] = [
    (ProjectFactory.create, {"status": "x"}, "project_status_known"),
    (UnitFactory.create, {"closed_year": 1800}, "unit_closed_year_plausible"),
    (UnitFactory.create, {"after_closing": "Blev en del af noget andet"}, "unit_after_closing_needs_year"),
    (StormFactory.create, {"access": "x"}, "storm_access_known"),
    (StormFactory.create, {"moderation": "x"}, "storm_moderation_known"),
    (StormFactory.create, {"authors_shown": "x"}, "storm_authors_shown_known"),
    (StormFactory.create, {"question": " "}, "storm_has_question"),
    (StormFactory.create, {"opens_at": models.F("closes_at")}, "storm_closes_after_opening"),
    (StormFactory.create, {"support_until": models.F("opens_at")}, "storm_support_not_before_closing"),
    (StormFactory.create, {"promised_on": "2020-01-01"}, "storm_promise_after_support"),
    (StormFactory.create, {"finished_at": models.F("closes_at")}, "storm_finished_after_support"),
    (
        StormFactory.create,
        {"finished_at": models.F("support_until"), "closed_openly": True},
        "storm_closed_openly_late",
    ),
    (StormFactory.create, {"closed_openly": True}, "storm_closed_openly_late"),
    (StormFactory.create, {"deputy": models.F("answerer")}, "storm_deputy_is_another"),
    (StormFactory.create, {"discussed_on": "2026-09-20"}, "storm_discussed_by_its_own"),
    (StormFactory.create, {"discussed_note": "Uden dag"}, "storm_discussion_has_a_day"),
    (IdeaFactory.create, {"shown_as": "x"}, "idea_shown_as_known"),
    (IdeaFactory.create, {"text": " "}, "idea_has_text"),
    (IdeaFactory.create, {"shown_name": "Bo"}, "idea_name_only_when_shown"),
    (IdeaFactory.create, {"shown_as": "arbejdsplads"}, "idea_shown_workplace_is_there"),
]
"""Rules of the types of the map and of storms, tried by update because a type stands in two tables."""
BY_UPDATE = {
    "reuse_not_its_own_parent",
    "story_has_text",
    "merge_once",
    "merge_of_two",
    *(rule for _, _, rule in OF_ITS_OWN_TABLE),
}
ALL_CHECKS = CHECKS + STORM_CHECKS
WAITS_ONCE = {"queue_content_waits_once", "queue_change_waits_once", "queue_membership_waits_once"}


@pytest.mark.parametrize(("make", "changes", "rule"), ALL_CHECKS, ids=[f"{r}-{c}" for _, c, r in ALL_CHECKS])
def test_the_database_refuses(db: None, make: Make, changes: dict[str, Any], rule: str) -> None:
    """And names the rule."""
    row = make()
    with pytest.raises(IntegrityError, match=rule):
        insert_like(row, **changes)


@pytest.mark.parametrize(("kind", "changes", "rule"), ENTRY_CHECKS)
def test_the_database_refuses_an_entry(db: None, kind: str, changes: dict[str, Any], rule: str) -> None:
    """By insert and by update."""
    row, bare = published(kind=kind), published(kind=kind)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_entry WHERE content_ptr_id = %s", [bare.pk])
    with pytest.raises(IntegrityError, match=rule):
        insert_like(row, content_ptr_id=bare.pk, **changes)
    insert_like(row, content_ptr_id=bare.pk)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Entry.objects.filter(pk=bare.pk).update(**changes)


def test_a_copy_without_a_fault_is_taken(db: None) -> None:
    """So that the refusals above are the rules' and not the test's."""
    insert_like(content())
    insert_like(LinkFactory.create(content=published()))
    insert_like(MeasureFactory.create(entry=published()))


def test_a_reuse_does_not_build_on_itself(db: None) -> None:
    """By update, where its key is known."""
    reuse = ReuseFactory.create(entry=published())
    with pytest.raises(IntegrityError, match="reuse_not_its_own_parent"), transaction.atomic():
        type(reuse).objects.update(parent=reuse.pk)


def test_a_story_has_text(db: None) -> None:
    """By update, for it stands in two tables."""
    made = story()
    with pytest.raises(IntegrityError, match="story_has_text"), transaction.atomic():
        Story.objects.filter(pk=made.pk).update(text=" ")


@pytest.mark.parametrize(
    ("make", "changes", "rule"), OF_ITS_OWN_TABLE, ids=[r for _, _, r in OF_ITS_OWN_TABLE]
)
def test_a_type_keeps_its_rules(
    db: None, make: Callable[[], models.Model], changes: dict[str, Any], rule: str
) -> None:
    """By update, for each stands in two tables."""
    made = make()
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        type(made)._default_manager.filter(pk=made.pk).update(**changes)


def test_an_idea_is_merged_once_and_with_another(db: None) -> None:
    """Triggers speak before the rules do, so these are tried with them off."""
    row = merge()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ideastorm_ideamerge DISABLE TRIGGER USER")
    with pytest.raises(IntegrityError, match="merge_once"):
        insert_like(row)
    with pytest.raises(IntegrityError, match="merge_of_two"):
        insert_like(row, survivor_id=row.merged_id)


def test_nothing_waits_twice(db: None) -> None:
    """Neither content nor a change nor a role; once it is decided it may wait again."""
    a_change = change()
    role = Membership.objects.create(
        user=UserFactory.create(), workplace=WorkplaceFactory.create(), role="medarbejder"
    )
    waiting: list[dict[str, Any]] = [
        {"kind": "content", "content": content()},
        {"kind": "withdrawal", "content": content()},
        {"kind": "change", "content": a_change.target, "change": a_change},
        {"kind": "membership", "membership": role},
    ]
    for fields in waiting:
        first = QueueItem.objects.create(title="x", **fields)
        with pytest.raises(IntegrityError, match="waits_once"), transaction.atomic():
            QueueItem.objects.create(title="x", **fields)
        QueueItem.objects.filter(pk=first.pk).update(outcome="approved", decided_at=timezone.now())
        QueueItem.objects.create(title="x", **fields)


def test_every_rule_is_tried() -> None:
    """A constraint without a row above fails here."""
    rules = {
        constraint.name
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for constraint in model._meta.constraints
    }
    tried = (
        {rule for _, _, rule in ALL_CHECKS} | {rule for _, _, rule in ENTRY_CHECKS} | BY_UPDATE | WAITS_ONCE
    )
    assert rules <= tried


def test_what_content_hangs_on_is_not_taken_away(db: None) -> None:
    """A workplace that owns something cannot be deleted."""
    workplace = WorkplaceFactory.create()
    EntryFactory.create(owner=workplace)
    with pytest.raises(models.ProtectedError):
        workplace.delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM places_workplace WHERE id = %s", [workplace.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_titles_sort_by_a_stored_key(db: None) -> None:
    """The same as workplaces do."""
    for title in ("Åben dør", "Zebra", "Aaret rundt", "Ærlighed"):
        EntryFactory.create(title=title)
    found = Entry.objects.order_by("sort_key").values_list("title", flat=True)
    assert list(found) == ["Zebra", "Ærlighed", "Åben dør", "Aaret rundt"]


def test_a_reuse_builds_on_reuse_of_the_same_entry(db: None) -> None:
    """Across entries it is refused in the form and by the database."""
    parent = ReuseFactory.create(entry=published())
    reuse = ReuseFactory.create(entry=published())
    reuse.parent = parent
    with pytest.raises(ValidationError):
        reuse.full_clean()
    with pytest.raises(IntegrityError, match="same entry"), transaction.atomic():
        type(reuse).objects.filter(pk=reuse.pk).update(parent=parent)
    sibling = ReuseFactory.create(entry=parent.entry, parent=parent)
    assert type(reuse).objects.get(pk=sibling.pk).parent == parent


def test_a_workplace_does_not_reuse_its_own_entry(db: None) -> None:
    """Neither told anew nor moved there, in the form and in the database."""
    entry = published(owner=WorkplaceFactory.create())
    reuse = ReuseFactory.create(entry=entry)
    reuse.workplace = entry.owner
    with pytest.raises(ValidationError, match="arbejdspladsens eget"):
        reuse.full_clean()
    moves: list[Any] = [
        lambda: ReuseFactory.create(entry=entry, workplace=entry.owner),
        lambda: type(reuse).objects.filter(pk=reuse.pk).update(workplace=entry.owner),
        lambda: type(reuse).objects.filter(pk=reuse.pk).update(entry=published(owner_id=reuse_place)),
    ]
    reuse_place = type(reuse).objects.get(pk=reuse.pk).workplace_id
    for move in moves:
        with pytest.raises(IntegrityError, match="does not reuse its own"), transaction.atomic():
            move()


@pytest.mark.parametrize("is_kept", [True, False])
def test_workplaces_that_reuse_each_other_can_become_one(db: None, is_kept: bool) -> None:
    """What one had from the other is then its own, and waits for nobody."""
    entry = published(owner=WorkplaceFactory.create())
    item = QueueItem.objects.create(kind="reuse", title="x", content=entry)
    reuse = ReuseFactory.create(entry=entry, item=item)
    child = ReuseFactory.create(entry=entry, parent=reuse)
    pair = (entry.owner, reuse.workplace) if is_kept else (reuse.workplace, entry.owner)
    keep = merge_workplaces(keep=pair[0], duplicate=pair[1], by=None)
    entry.refresh_from_db()
    item.refresh_from_db()
    assert entry.owner == keep and not item.is_waiting
    assert list(entry.reuses.values_list("pk", "parent")) == [(child.pk, None)]
