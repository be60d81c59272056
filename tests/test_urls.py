"""Every address for every role. A name in the URLconf without a row below fails."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.roles import EDITOR_RIGHTS
from catalogue.asking.actions import ask
from catalogue.models import Entry
from editorial.confirming.actions import Asked
from editorial.models import Content, Picture
from editorial.submitting import facts_address, submit_content
from ideastorm.models import Assignment, Comment, Invitation, Storm
from notices.events import Event
from notices.sending import tell
from notices.tokens import for_user
from places.models import Workplace
from practicum.models import DirectRequest, LeaderApproval, MatchRun, OpenWish
from tests.factories import (
    ApplicationFactory,
    ChapterFactory,
    EntryFactory,
    IdeaFactory,
    OfferFactory,
    ProjectFactory,
    ReuseFactory,
    RoundFactory,
    StormFactory,
    StoryFactory,
    TagFactory,
    UnitFactory,
    UserFactory,
    WorkplaceFactory,
    contact_person,
    editor,
    employee,
    membership,
    public_idea,
    public_offer,
    public_project,
    public_storm,
    public_story,
    public_unit,
    published,
    ready_application,
    stay_at,
    waiting_story,
)

ROLES = ("anonymous", "citizen", "employee", "contact", "editor", "administrator")
"""The contact person speaks for the workplace with the address below, and for no other."""
CONTACTS_WORKPLACE = "kontaktens-arbejdsplads"


@dataclass(frozen=True)
class Row:
    """One address: its name and arguments, what GET answers anonymous, citizen, employee, editor and administrator."""

    name: str
    args: Callable[[], list[Any]]
    get: tuple[int, int, int, int, int]
    post: tuple[int, ...] | None = None
    """What POST without any field answers, in the order of ROLES; its own tests say what one with fields does."""
    contact: int | None = None
    """What a contact person gets, where it is not what a public employee gets."""

    def answers(self) -> tuple[int, ...]:
        """What GET answers, in the order of ROLES."""
        anonymous, citizen, employed, *staff = self.get
        return (anonymous, citizen, employed, employed if self.contact is None else self.contact, *staff)


LOGIN = 0
"""Led to the log-in, and back from there (302 with `next`)."""


def everybody(status: int) -> tuple[int, ...]:
    """The same to all."""
    return (status,) * len(ROLES)


def accounts(status: int) -> tuple[int, ...]:
    """To who has an account; others are led to the log-in."""
    return (LOGIN, *(status,) * (len(ROLES) - 1))


def editors(status: int) -> tuple[int, ...]:
    """To staff; others are led to the log-in."""
    return (*(LOGIN,) * (len(ROLES) - 2), status, status)


def outcome(response: Any) -> int:
    """The status, or LOGIN."""
    to = response.headers.get("Location", "")
    led = response.status_code == 302 and to.startswith(("/konto/login/?next=", "/admin/login/?next="))
    return LOGIN if led else int(response.status_code)


def none() -> list[Any]:
    """No arguments."""
    return []


def contacts_workplace() -> list[Any]:
    """The workplace that the contact person speaks for."""
    return [WorkplaceFactory.create(slug=CONTACTS_WORKPLACE).slug]


def waiting_role() -> list[Any]:
    """The uuid of a role that somebody asks for at the workplace that the contact person speaks for."""
    workplace = WorkplaceFactory.create(slug=CONTACTS_WORKPLACE)
    role = membership(user=UserFactory.create(), workplace=workplace, role="medarbejder", state="waiting")
    return [role.uuid]


def direct_request() -> list[Any]:
    """A request for a seat, of another at another's place."""
    offer = public_offer()
    return [DirectRequest.objects.create(application=ready_application(round=offer.round), offer=offer).uuid]


def a_stay() -> list[Any]:
    """A stay of others, with an agreement."""
    stay = stay_at(public_offer())
    stay.agreements.create(number=1, written_by="gaest", purpose="At se det.")
    return [stay.uuid]


def somebodys_application() -> list[Any]:
    """The uuid of an application that was begun."""
    return [ApplicationFactory.create().uuid]


def somebodys_wish() -> list[Any]:
    """The uuid of a wish without a place."""
    return [OpenWish.objects.create(guest=UserFactory.create(), text="Et hus uden kø").uuid]


def hosts_offer() -> list[Any]:
    """The slug of a place at the workplace that the contact person speaks for."""
    return [public_offer(owner=WorkplaceFactory.create(slug=CONTACTS_WORKPLACE)).slug]


def draft() -> list[Any]:
    """A draft's uuid."""
    return [EntryFactory.create().uuid]


def slug_of(state: str) -> list[Any]:
    """The slug of an entry in a state."""
    entry = published()
    Entry.objects.filter(pk=entry.pk).update(state=state)
    return [entry.slug]


def old_slug() -> list[Any]:
    """An address that has been changed."""
    entry = published(title="Gammel adresse")
    Entry.objects.filter(pk=entry.pk).update(slug="ny-adresse")
    return ["gammel-adresse"]


def suspended(content: Content) -> str:
    """The slug of content that was taken down."""
    content.suspend(by=None, reason="Prøve")
    return str(content.slug)


def suspended_story() -> list[Any]:
    """The slug of a story that was taken down."""
    story = public_story()
    story.suspend(by=None, reason="Prøve")
    return [story.slug]


def stored() -> list[Any]:
    """A stored picture of a published entry."""
    name = default_storage.save("urls.png", ContentFile(b"x"))
    Picture.objects.create(content=published(), name=name, width=1, height=1)
    return [name]


def notice_of_another() -> uuid.UUID:
    """Somebody else's notice."""
    return tell(to=UserFactory.create(), event="svar", subject="Svar", text="Svar").uuid


def unsubscribe_link() -> str:
    """The token of a link in a mail."""
    return for_user(UserFactory.create(), Event.ANSWER)


def a_reuse() -> list[Any]:
    """The uuid of a reuse."""
    return [ReuseFactory.create(entry=published()).uuid]


def a_question() -> list[Any]:
    """The uuid of a question that nobody but the editors can answer."""
    return [ask(entry=published(), asker=UserFactory.create(), question="Hvorfor?", agrees=False).uuid]


def a_link() -> list[Any]:
    """The token with which a workplace says that what stands about it is still right."""
    return [Asked(WorkplaceFactory.create().pk, dt.date(2026, 1, 1)).token]


def confirmation() -> list[Any]:
    """The key of a link that confirms an address."""
    user = UserFactory.create(confirmed=False)
    return [EmailConfirmationHMAC(EmailAddress.objects.get(user=user)).key]


def waiting() -> list[Any]:
    """Something that waits for the editors."""
    return [submit_content(content=EntryFactory.create(), by=None).uuid]


def closed_storm() -> Storm:
    """A storm that takes no more ideas."""
    return public_storm(opens_at=timezone.now() - dt.timedelta(days=30))


def invitation_link() -> list[Any]:
    """The slug and code of a workplace's invitation."""
    storm = public_storm(access="inviterede")
    return [storm.slug, Invitation.objects.create(storm=storm, workplace=WorkplaceFactory.create()).code]


def comment_key() -> list[Any]:
    """The uuid of a comment that anyone reads."""
    return [Comment.objects.create(idea=public_idea(), text="Ja tak").uuid]


def open_for_support() -> list[Any]:
    """The slugs of an idea that may be supported now, and its storm."""
    idea = public_idea(storm=public_storm(support_while_open=True))
    return [idea.storm.slug, idea.slug]


def another_assignment() -> list[Any]:
    """A storm and something in it that somebody else is to assess."""
    idea = public_idea()
    row = Assignment.objects.create(idea=idea, assessor=UserFactory.create())
    return [idea.storm.slug, row.uuid]


def idea_address() -> list[Any]:
    """The slugs of an idea and its storm."""
    idea = public_idea()
    return [idea.storm.slug, idea.slug]


def idea_to_answer() -> list[Any]:
    """The storm's slug and the uuid of an idea that another answers."""
    idea = public_idea()
    return [idea.storm.slug, idea.uuid]


def finished_storm() -> list[Any]:
    """The slug of a storm with results."""
    storm = StormFactory.create(opens_at=timezone.now() - dt.timedelta(days=60))
    storm.publish(by=None)
    Storm.objects.filter(pk=storm.pk).update(finished_at=timezone.now())
    return [storm.slug]


def leaders_link() -> list[Any]:
    """The code with which a leader answers about a place that is on its way."""
    offer = OfferFactory.create()
    approval = LeaderApproval.objects.create(
        offer=offer, email="leder@kommune.example", days=offer.days, seats=offer.seats_wanted,
        first_day=offer.starts_on, last_day=offer.ends_on, expires_at=timezone.now() + dt.timedelta(days=21),
    )  # fmt: skip
    return [approval.code]


def facts_link() -> list[Any]:
    """The link that a workplace gets when others propose something about it."""
    item = submit_content(
        content=EntryFactory.create(owner=WorkplaceFactory.create()), by=UserFactory.create()
    )
    return [facts_address(item).split("/")[-2]]


def hosts_draft() -> list[Any]:
    """A place that the contact person's workplace is about to offer."""
    host = WorkplaceFactory.create(slug=CONTACTS_WORKPLACE)
    return [OfferFactory.create(owner=host).uuid]


def round_year(*more: Any) -> Callable[[], list[Any]]:
    """The year of a round of Innovationspraktik, and what follows it in the address."""
    return lambda: [RoundFactory.create().year, *more]


def matched_guest() -> list[Any]:
    """A round's year, and the key of a guest in its matching."""
    application = ready_application()
    return [application.round.year, application.uuid]


def finished_run() -> list[Any]:
    """A round's year, and the number of a run that has come to something."""
    run = MatchRun.objects.create(
        round=RoundFactory.create(), number=1, weights={}, state="klar", finished_at=timezone.now()
    )
    return [run.round.year, run.number]


OK = (200,) * 5
# Pages of the editors at which others are refused, not led to the log-in.
STAFF = (302, 403, 403, 200, 200)
EDITORS = (302, 302, 302, 200, 200)
# Pages about one's own account: the log-in to who has none. The password once more before what matters.
MINE = (302, 200, 200, 200, 200)
SURE = (302,) * 5
ENTRANCE = (200, 302, 302, 302, 302)
GONE = (404,) * 5
ROWS = [
    Row("healthz", none, OK),
    Row("readyz", none, OK),
    Row("robots", none, OK),
    Row("security-txt", none, OK),
    Row("sitemap", none, OK),
    Row("home", none, OK),
    Row("search", none, OK),
    Row("suggestions", none, OK),
    Row("about", none, OK),
    Row("privacy", none, OK),
    Row("accessibility", none, OK),
    Row("was", none, (301,) * 5),
    Row("media", stored, OK),
    Row("catalogue:list", none, OK),
    Row("catalogue:feed", none, OK),
    Row("catalogue:export", lambda: ["csv"], OK),
    Row("catalogue:export", lambda: ["xlsx"], OK),
    Row("catalogue:export", lambda: ["json"], OK),
    Row("catalogue:collections", none, OK),
    Row("catalogue:collection", lambda: [ChapterFactory.create().collection.slug], OK),
    Row(
        "catalogue:collection",
        lambda: [ChapterFactory.create(collection__published=False).collection.slug],
        GONE,
    ),
    Row("catalogue:tags", none, OK),
    Row("catalogue:tag", lambda: [published(tags=["adresser"]) and "adresser"], OK),
    Row("catalogue:tag", lambda: ["findes-ikke"], GONE),
    Row("catalogue:subject_area", lambda: ["aeldre"], OK),
    Row("catalogue:subject_area", lambda: ["findes-ikke"], GONE),
    Row("catalogue:entry", lambda: [published().slug], OK),
    Row("catalogue:entry", lambda: slug_of("archived"), OK),
    Row("catalogue:entry", lambda: slug_of("suspended"), (404, 404, 404, 200, 200)),
    Row("catalogue:entry", old_slug, (301,) * 5),
    Row("catalogue:entry", lambda: ["findes-ikke"], GONE),
    Row("catalogue:preview", draft, (404, 404, 404, 200, 200)),
    Row("catalogue:preview", lambda: [published().uuid], (302,) * 5),
    Row("catalogue:preview", lambda: [uuid.uuid4()], GONE),
    Row("catalogue:reuse", lambda: [published().slug], MINE, post=(LOGIN, 403, 403, 200, 403, 403)),
    Row("catalogue:reuse", lambda: slug_of("suspended"), (302, 404, 404, 404, 404), post=accounts(404)),
    Row("catalogue:reuse_origin", a_reuse, (302, 404, 404, 200, 200)),
    Row("catalogue:reuse_confirm", a_reuse, (405,) * 5, post=(LOGIN, 404, 404, 404, 403, 403)),
    Row("catalogue:reuse_objection", a_reuse, (405,) * 5, post=(LOGIN, 404, 404, 404, 403, 403)),
    Row("catalogue:reuse_take_back", a_reuse, (405,) * 5, post=(LOGIN, 404, 404, 404, 403, 403)),
    Row("catalogue:ask", lambda: [published().slug], MINE, post=accounts(200)),
    Row("catalogue:ask", lambda: slug_of("suspended"), (302, 404, 404, 404, 404), post=accounts(404)),
    Row("catalogue:question", a_question, (302, 404, 404, 200, 200), post=(LOGIN, 404, 404, 404, 200, 200)),
    Row("catalogue:question_pass_on", a_question, (405,) * 5, post=(LOGIN, 404, 404, 404, 403, 403)),
    Row("catalogue:question_consent", a_question, (405,) * 5, post=(LOGIN, 404, 404, 404, 403, 403)),
    Row("editorial:still_right", a_link, OK, post=everybody(404)),
    Row("editorial:still_right", lambda: ["ikke-vores"], GONE, post=everybody(404)),
    Row("catalogue:propose", none, MINE, post=(LOGIN, 403, 422, 422, 422, 422)),
    Row("catalogue:alike", none, MINE),
    Row("editorial:workplace_names", none, MINE),
    *(
        Row(
            f"{area}:{what}_{page}",
            made,
            (302, 404, 404, 404, 404),
            post=accounts(404) if page in ("review", "undo") else None,
        )
        for area, drafted in (
            ("catalogue", draft),
            ("mapping", lambda: [ProjectFactory.create().uuid]),
            ("practicum", lambda: [OfferFactory.create().uuid]),
        )
        for what, made in (("proposal", drafted), ("change", lambda: [uuid.uuid4()]))
        for page in ("resume", "preview", "review", "done", "undo")
    ),
    *(
        Row(
            f"{area}:{what}_step",
            lambda: [uuid.uuid4(), "vigtigste"],
            (302, 404, 404, 404, 404),
            post=accounts(404),
        )
        for area in ("catalogue", "mapping", "practicum")
        for what in ("proposal", "change")
    ),
    Row("catalogue:proposal_step", lambda: [*draft(), "hvem"], (302, 404, 404, 404, 404), post=accounts(404)),
    Row("catalogue:edit", lambda: [published().slug], (302, 403, 403, 403, 403), post=accounts(403)),
    Row("catalogue:edit", lambda: ["findes-ikke"], (302, 404, 404, 404, 404), post=accounts(404)),
    Row(
        "catalogue:ask_withdrawal", lambda: [published().slug], (302, 403, 403, 403, 403), post=accounts(403)
    ),
    Row("catalogue:ask_withdrawal", lambda: ["findes-ikke"], (302, 404, 404, 404, 404), post=accounts(404)),
    Row("catalogue:stories", none, OK),
    Row("catalogue:story_feed", none, OK),
    Row("catalogue:tell_story", none, OK, post=everybody(422)),
    Row("catalogue:story_told", none, OK),
    Row("catalogue:story_workplaces", none, OK),
    Row("catalogue:story", lambda: [public_story().slug], OK),
    Row("catalogue:story", suspended_story, (404, 404, 404, 200, 200)),
    Row("catalogue:story", lambda: ["findes-ikke"], GONE),
    Row("catalogue:story_preview", lambda: [StoryFactory.create().uuid], (404, 404, 404, 200, 200)),
    Row("catalogue:story_preview", lambda: [public_story().uuid], (302,) * 5),
    Row("catalogue:thank", lambda: [public_story().slug], (302, 403, 403, 403, 403), post=accounts(403)),
    Row("catalogue:thank", lambda: ["findes-ikke"], (302, 404, 404, 404, 404), post=accounts(404)),
    Row("catalogue:story_way", lambda: [waiting_story().uuid, "barn"], (405,) * 5, post=editors(422)),
    Row("editorial:receipt", none, OK, post=everybody(422)),
    *(
        Row(f"editorial:receipt_{act}", none, (405,) * 5, post=everybody(302))
        for act in ("correct", "withdraw", "claim", "forget")
    ),
    Row("practicum:approval", leaders_link, OK, post=everybody(422)),
    Row("practicum:approval", lambda: ["ikke-vores"], GONE, post=everybody(404)),
    Row(
        "practicum:ask_leader",
        lambda: [OfferFactory.create().uuid],
        (302, 404, 404, 404, 404),
        post=accounts(404),
    ),
    Row(
        "practicum:ask_leader",
        hosts_draft,
        (302, 404, 404, 404, 404),
        contact=200,
        post=(LOGIN, 404, 404, 422, 404, 404),
    ),
    Row("practicum:offer_new", none, MINE, post=(LOGIN, 403, 403, 422, 403, 403)),
    Row("practicum:alike", none, MINE),
    Row("practicum:entry_names", none, MINE),
    Row("practicum:offer_copy", lambda: [OfferFactory.create().uuid], (405,) * 5, post=accounts(404)),
    Row("practicum:offer_copy", lambda: [public_offer().uuid], (405,) * 5, post=accounts(403)),
    Row("practicum:offer_edit", lambda: [public_offer().slug], (302, 403, 403, 403, 403), post=accounts(403)),
    Row("practicum:offer_edit", lambda: ["findes-ikke"], (302, 404, 404, 404, 404), post=accounts(404)),
    Row(
        "practicum:offer_withdraw",
        lambda: [public_offer().slug],
        (302, 403, 403, 403, 403),
        post=accounts(403),
    ),
    Row("practicum:offer_withdraw", lambda: ["findes-ikke"], (302, 404, 404, 404, 404), post=accounts(404)),
    Row("practicum:list", none, OK),
    Row("practicum:feed", none, OK),
    Row("practicum:export", lambda: ["csv"], OK),
    Row("practicum:export", lambda: ["xlsx"], OK),
    Row("practicum:export", lambda: ["json"], OK),
    Row("practicum:saved", none, MINE),
    Row("practicum:save", none, (405,) * 5, post=accounts(302)),
    Row("practicum:stop", lambda: [uuid.uuid4()], (405,) * 5, post=accounts(302)),
    Row("practicum:offer", lambda: [public_offer().slug], OK),
    Row("practicum:offer", lambda: ["findes-ikke"], GONE),
    Row("practicum:offer", lambda: [suspended(public_offer())], (404, 404, 404, 200, 200)),
    Row("practicum:offer_preview", lambda: [OfferFactory.create().uuid], (404, 404, 404, 200, 200)),
    Row("practicum:offer_preview", hosts_draft, (404, 404, 404, 200, 200), contact=200),
    Row("practicum:offer_preview", lambda: [public_offer().uuid], (302,) * 5),
    Row(
        "practicum:ask_direct",
        lambda: [public_offer().slug],
        (302, 403, 200, 403, 403),
        post=(LOGIN, 403, 422, 422, 403, 403),
    ),
    Row("practicum:ask_direct", lambda: ["findes-ikke"], (302, 404, 404, 404, 404), post=accounts(404)),
    Row("practicum:request", direct_request, (302, 404, 404, 200, 200)),
    *(
        Row(f"practicum:request_{act}", direct_request, (405,) * 5, post=(LOGIN, 404, 404, 404, 403, 403))
        for act in ("accept", "decline", "message", "withdraw")
    ),
    Row("practicum:stay", a_stay, (302, 404, 404, 200, 200)),
    Row("practicum:agreement", a_stay, (302, 404, 404, 200, 200)),
    *(
        Row(f"practicum:{name}", a_stay, (405,) * 5, post=(LOGIN, 404, 404, 404, 403, 403))
        for name in ("stay_answer", "agreement_sign")
    ),
    *(
        Row(f"practicum:{name}", a_stay, (302, 404, 404, 403, 403), post=(LOGIN, 404, 404, 404, 403, 403))
        for name in ("stay_cancel", "agreement_edit", "evaluate", "used")
    ),
    *(Row(f"practicum:{name}", a_stay, (302, 404, 404, 403, 403)) for name in ("calendar", "certificate")),
    Row("used_draft", a_stay, (405,) * 5, post=(LOGIN, 404, 404, 404, 403, 403)),
    Row("ideastorm:list", none, OK),
    Row("ideastorm:ask", none, (302, 403, 403, 403, 403), post=(LOGIN, 403, 403, 422, 403, 403), contact=200),
    Row(
        "ideastorm:ask_correct", lambda: [public_storm().uuid], (302, 404, 404, 404, 404), post=accounts(404)
    ),
    Row("ideastorm:storm", lambda: [public_storm().slug], OK),
    Row("ideastorm:storm", lambda: ["findes-ikke"], GONE),
    Row("ideastorm:storm", lambda: [suspended(public_storm())], (404, 404, 404, 200, 200)),
    Row("ideastorm:storm_preview", lambda: [StormFactory.create().uuid], (404, 404, 404, 200, 200)),
    Row("ideastorm:give", lambda: [public_storm().slug], OK, post=everybody(422)),
    Row(
        "ideastorm:give",
        lambda: [public_storm(access="konto").slug],
        OK,
        post=(403, *(422,) * (len(ROLES) - 1)),
    ),
    Row(
        "ideastorm:give",
        lambda: [public_storm(access="ansatte").slug],
        (200, 403, 200, 403, 403),
        post=(403, 403, 422, 422, 403, 403),
    ),
    Row("ideastorm:give", lambda: [public_storm(access="inviterede").slug], (403,) * 5, post=everybody(403)),
    Row("ideastorm:give", lambda: [closed_storm().slug], (403,) * 5, post=everybody(422)),
    Row("ideastorm:alike", lambda: [public_storm().slug], (405,) * 5, post=everybody(200)),
    Row("ideastorm:alike", lambda: [public_storm(access="inviterede").slug], (405,) * 5, post=everybody(403)),
    Row("ideastorm:alike", lambda: ["findes-ikke"], (405,) * 5, post=everybody(404)),
    Row("ideastorm:give_look", lambda: [public_storm().slug], (405,) * 5, post=everybody(200)),
    Row(
        "ideastorm:give_look",
        lambda: [public_storm(access="inviterede").slug],
        (405,) * 5,
        post=everybody(403),
    ),
    Row("ideastorm:given", lambda: [public_storm().slug], OK),
    Row("ideastorm:invitation", invitation_link, OK, post=everybody(302)),
    Row("ideastorm:invitation", lambda: [public_storm().slug, "x"], GONE, post=everybody(404)),
    Row("ideastorm:idea", idea_address, OK),
    Row("ideastorm:idea", lambda: ["findes-ikke", public_idea().slug], GONE),
    Row("ideastorm:support", open_for_support, OK, post=(200, *(302,) * (len(ROLES) - 1))),
    Row("ideastorm:support_sent", open_for_support, OK),
    Row("ideastorm:unsupport", open_for_support, (405,) * 5, post=everybody(302)),
    Row("ideastorm:support_confirm", lambda: ["x"], GONE, post=everybody(404)),
    Row("ideastorm:comment", open_for_support, MINE, post=accounts(422)),
    Row("ideastorm:comment_report", comment_key, OK, post=everybody(422)),
    Row("ideastorm:comment_hide", comment_key, (403, 403, 403, 200, 200), post=(403,) * 4 + (422,) * 2),
    Row("ideastorm:comment_lift", comment_key, (403, 403, 403, 200, 200), post=(403,) * 4 + (422,) * 2),
    Row("ideastorm:comment_show", comment_key, (405,) * 5, post=(403,) * 4 + (302,) * 2),
    Row("ideastorm:add", open_for_support, (403,) * 5, post=everybody(403)),
    Row("ideastorm:follow_storm", lambda: [public_storm().slug], (405,) * 5, post=(LOGIN, *(302,) * 5)),
    Row(
        "ideastorm:follow_storm",
        lambda: [suspended(public_storm())],
        (405,) * 5,
        post=(404,) * 4 + (403,) * 2,
    ),
    Row("ideastorm:follow_idea", open_for_support, (405,) * 5, post=(LOGIN, *(302,) * 5)),
    Row("ideastorm:unfollow", lambda: [uuid.uuid4()], (405,) * 5, post=(LOGIN, *(302,) * 5)),
    Row("ideastorm:feed", lambda: [public_storm().slug], OK),
    Row("ideastorm:feed", lambda: [suspended(public_storm())], GONE),
    Row("ideastorm:results", finished_storm, OK),
    Row("ideastorm:results", lambda: [public_storm().slug], (302,) * 5),
    Row("ideastorm:results", lambda: ["findes-ikke"], GONE),
    *(Row("ideastorm:export", lambda kind=kind: [public_storm().slug, kind], OK) for kind in ("csv", "json")),
    Row("ideastorm:export", lambda: [public_storm().slug, "xlsx"], (403, 403, 403, 200, 200)),
    Row("ideastorm:export", lambda: ["findes-ikke", "csv"], GONE),
    Row("ideastorm:answers", lambda: [public_storm().slug], (302, 403, 403, 200, 200)),
    Row("ideastorm:answers", lambda: ["findes-ikke"], (302, 404, 404, 404, 404)),
    Row("ideastorm:answers", lambda: [suspended(public_storm())], (302, 404, 404, 200, 200)),
    Row("ideastorm:answer", idea_to_answer, (302, 403, 403, 403, 403), post=accounts(403)),
    Row(
        "ideastorm:answer",
        lambda: [public_storm().slug, uuid.uuid4()],
        (302, 403, 403, 404, 404),
        post=(LOGIN, 403, 403, 403, 404, 404),
    ),
    Row(
        "ideastorm:answer_many", lambda: [public_storm().slug], (302, 403, 403, 302, 302), post=accounts(403)
    ),
    Row("ideastorm:news", idea_to_answer, (302, 403, 403, 403, 403), post=accounts(403)),
    Row("ideastorm:finish", lambda: [public_storm().slug], (405,) * 5, post=accounts(403)),
    Row("ideastorm:discussed", lambda: [public_storm().slug], (405,) * 5, post=accounts(403)),
    Row("ideastorm:any_idea", lambda: [public_idea().slug], (301,) * 5),
    Row("ideastorm:any_idea", lambda: ["findes-ikke"], GONE),
    Row("ideastorm:any_idea", lambda: [suspended(public_idea())], (404, 404, 404, 301, 301)),
    Row("ideastorm:idea_preview", lambda: [IdeaFactory.create().uuid], (404, 404, 404, 200, 200)),
    Row("ideastorm:assessing", lambda: [public_storm().slug], (302, 403, 403, 302, 302)),
    Row("ideastorm:scores", lambda: [public_storm().slug], (302, 403, 403, 200, 200)),
    Row("ideastorm:scores", lambda: [suspended(public_storm())], (302, 404, 404, 200, 200)),
    Row("ideastorm:idea_scores", idea_address, (302, 403, 403, 200, 200)),
    Row("ideastorm:points_file", lambda: [public_storm().slug], (302, 403, 403, 200, 200)),
    Row("ideastorm:points_file", lambda: ["findes-ikke"], (302, 404, 404, 404, 404)),
    Row(
        "ideastorm:assign",
        lambda: [public_storm().slug],
        (302, 403, 403, 200, 200),
        post=(LOGIN, 403, 403, 403, 422, 422),
    ),
    Row(
        "ideastorm:take_back",
        lambda: [public_storm().slug],
        (405,) * 5,
        post=(LOGIN, 403, 403, 403, 404, 404),
    ),
    Row("ideastorm:assess", another_assignment, (302, 404, 404, 404, 404), post=accounts(404)),
    Row("ideastorm:conflict", another_assignment, (405,) * 5, post=accounts(404)),
    Row("ideastorm:merge", idea_address, (302, 403, 403, 200, 200), post=(LOGIN, 403, 403, 403, 422, 422)),
    Row(
        "ideastorm:merge",
        lambda: ["findes-ikke", public_idea().slug],
        (302, 404, 404, 404, 404),
        post=accounts(404),
    ),
    Row("ideastorm:unmerge", idea_address, (405,) * 5, post=(LOGIN, 403, 403, 403, 302, 302)),
    # Its round is not open for applications; tests/practicum/test_applying.py has those that are.
    Row("practicum:apply", lambda: [public_offer().slug], (302, 403, 403, 403, 403), post=accounts(403)),
    Row("practicum:apply", lambda: ["findes-ikke"], (302, 404, 404, 404, 404), post=accounts(404)),
    Row(
        "practicum:apply",
        lambda: [suspended(public_offer())],
        (302, 404, 404, 403, 403),
        post=(LOGIN, *(404,) * 3, 403, 403),
    ),
    *(
        Row(
            f"practicum:{name}",
            somebodys_application,
            (302, 404, 404, *staff),
            post=(LOGIN, *(404,) * 3, 403, 403),
        )
        for name, staff in (
            ("application", (200, 200)),
            ("application_send", (403, 403)),
            ("application_withdraw", (403, 403)),
        )
    ),
    *(
        Row(f"practicum:{name}", lambda: [uuid.uuid4()], (302, 404, 404, 404, 404), post=accounts(404))
        for name in ("application", "application_send", "application_withdraw", "open_wish")
    ),
    Row(
        "practicum:offer_applications",
        lambda: [public_offer().slug],
        (302, 403, 403, 200, 200),
        post=accounts(403),
    ),
    Row(
        "practicum:offer_applications",
        hosts_offer,
        (302, 403, 403, 200, 200),
        (LOGIN, 403, 403, 404, 403, 403),
        200,
    ),
    Row(
        "practicum:offer_applications", lambda: ["findes-ikke"], (302, 404, 404, 404, 404), post=accounts(404)
    ),
    Row("practicum:wishes", none, (302, 403, 200, 200, 200), post=(LOGIN, 403, 422, 422, 403, 403)),
    Row(
        "practicum:open_wish",
        somebodys_wish,
        (302, 404, 404, 200, 200),
        (LOGIN, 404, 404, 422, 422, 422),
        contact=200,
    ),
    Row("practicum:open_wish_close", somebodys_wish, (405,) * 5, post=accounts(404)),
    Row("practicum:shortage", none, (302, 403, 403, 200, 200), contact=200),
    # Between rounds nobody is invited.
    Row("practicum:invite_hosts", none, (302, 403, 403, 302, 302), post=(LOGIN, 403, 403, 403, 302, 302)),
    Row("practicum:matching", round_year(), STAFF, post=(LOGIN, 403, 403, 403, 422, 422)),
    Row(
        "practicum:matching", lambda: [2016], (302, 403, 403, 404, 404), post=(LOGIN, 403, 403, 403, 404, 404)
    ),
    Row("practicum:matching_guest", matched_guest, STAFF, post=(LOGIN, 403, 403, 403, 422, 422)),
    Row("practicum:matching_send", finished_run, (405,) * 5, post=(LOGIN, 403, 403, 403, 302, 302)),
    Row("practicum:matching_export", finished_run, STAFF),
    Row(
        "practicum:matching_unpin",
        round_year(uuid.uuid4()),
        (405,) * 5,
        post=(LOGIN, 403, 403, 403, 302, 302),
    ),
    Row("practicum:dashboard", round_year(), STAFF),
    Row("practicum:dashboard", lambda: [2016], (302, 403, 403, 404, 404)),
    *(
        Row("practicum:dashboard_export", round_year(what, kind), STAFF)
        for what in ("ansoegninger", "ophold")
        for kind in ("csv", "xlsx")
    ),
    Row("practicum:dashboard_export", round_year("leder", "csv"), (302, 403, 403, 404, 404)),
    Row("practicum:figures", round_year(), OK),
    Row("practicum:figures", lambda: [RoundFactory.create(is_public=False).year], GONE),
    *(Row("practicum:figures_export", round_year(kind), OK) for kind in ("csv", "json")),
    Row("practicum:figures_export", round_year("xlsx"), GONE),
    Row("mapping:map", none, OK),
    Row("mapping:embed", none, OK),
    Row("mapping:base_map", none, OK),
    Row("mapping:data", none, (400,) * 5),  # without a zoom; its own tests say what it answers with one
    Row("mapping:feed", none, OK),
    *(Row("mapping:export", lambda kind=kind: [kind], OK) for kind in ("csv", "geojson", "xlsx", "json")),
    Row("mapping:workplace", lambda: [WorkplaceFactory.create().slug], OK),
    Row("mapping:workplace", lambda: ["findes-ikke"], GONE),
    Row("mapping:add", none, MINE, post=(LOGIN, 403, 422, 422, 422, 422)),
    Row("mapping:add_workplace", none, MINE, post=(LOGIN, 403, 422, 422, 422, 422)),
    Row("mapping:alike_workplaces", none, MINE),
    Row("mapping:alike", none, MINE),
    Row("mapping:entry_names", none, MINE),
    *(
        Row(
            f"mapping:{act}_{name}", lambda made=made: [made().slug], (302, 403, 403, 403, 403), accounts(403)
        )
        for name, made in (("project", public_project), ("unit", public_unit))
        for act in ("edit", "withdraw")
    ),
    *(
        Row(f"mapping:{act}_{name}", lambda: ["findes-ikke"], (302, 404, 404, 404, 404), accounts(404))
        for name in ("project", "unit")
        for act in ("edit", "withdraw")
    ),
    Row(
        "mapping:correct_workplace",
        contacts_workplace,
        (302, 403, 403, 403, 403),
        (LOGIN, 403, 403, 422, 403, 403),
        200,
    ),
    Row("mapping:correct_workplace", lambda: ["findes-ikke"], (302, 404, 404, 404, 404), accounts(404)),
    Row("mapping:project", lambda: [public_project().slug], OK),
    Row("mapping:project", lambda: ["findes-ikke"], GONE),
    Row("mapping:project", lambda: [suspended(public_project())], (404, 404, 404, 200, 200)),
    Row("mapping:project_preview", lambda: [ProjectFactory.create().uuid], (404, 404, 404, 200, 200)),
    Row("mapping:unit", lambda: [public_unit().slug], OK),
    Row("mapping:unit", lambda: ["findes-ikke"], GONE),
    Row("mapping:unit", lambda: [suspended(public_unit())], (404, 404, 404, 200, 200)),
    Row("mapping:unit_preview", lambda: [UnitFactory.create().uuid], (404, 404, 404, 200, 200)),
    Row("my_page", none, MINE),
    Row("my_data", none, MINE, post=accounts(302)),
    Row("delete_account", none, MINE, post=accounts(302)),
    Row("account_deleted", none, OK),
    Row("my_contribution", lambda: [uuid.uuid4()], (302, 404, 404, 404, 404)),
    Row("editorial:report", lambda: [published().uuid], OK, post=everybody(200)),
    Row("editorial:report", draft, GONE, post=everybody(404)),
    Row("editorial:facts", lambda: ["findes-ikke"], GONE, post=everybody(404)),
    Row("editorial:facts", facts_link, OK, post=everybody(200)),
    Row("editorial:my_receipt", lambda: [uuid.uuid4()], (302, 404, 404, 404, 404)),
    Row("editorial:workplaces", none, MINE),
    Row("editorial:find_workplace", none, MINE),
    Row("editorial:ask_role", lambda: [WorkplaceFactory.create().slug], MINE, post=accounts(200)),
    Row("editorial:people", lambda: [WorkplaceFactory.create().slug], (302, 404, 404, 404, 404)),
    Row("editorial:people", contacts_workplace, (302, 404, 404, 404, 404), contact=200),
    Row("editorial:make_vouch", contacts_workplace, (405,) * 5, post=(LOGIN, 404, 404, 422, 404, 404)),
    Row("editorial:make_vouch", lambda: [WorkplaceFactory.create().slug], (405,) * 5, post=accounts(404)),
    Row("editorial:answer_role", waiting_role, (405,) * 5, post=(LOGIN, 404, 404, 422, 302, 302)),
    Row("editorial:leave_role", waiting_role, (405,) * 5, post=accounts(404)),
    Row("editorial:confirm_role", waiting_role, (405,) * 5, post=accounts(404)),
    Row("editorial:vouch", lambda: ["findes-ikke"], (302, 422, 422, 422, 422), post=accounts(422)),
    Row("editorial:queue", none, EDITORS),
    Row("editorial:figures", none, EDITORS),
    Row("editorial:item", waiting, EDITORS),
    Row("editorial:matter", waiting, EDITORS, post=editors(422)),
    Row("editorial:take", waiting, (405,) * 5, post=editors(302)),
    Row("editorial:give_back", waiting, (405,) * 5, post=editors(302)),
    Row("editorial:answer", waiting, (405,) * 5, post=editors(422)),
    Row("editorial:answer_many", none, (405,) * 5, post=editors(302)),
    Row("notices:inbox", none, MINE, post=accounts(302)),
    Row("notices:preferences", none, MINE, post=accounts(200)),
    Row("notices:notice", lambda: [notice_of_another()], (302, 404, 404, 404, 404), post=accounts(404)),
    Row("notices:unsubscribe", lambda: [unsubscribe_link()], OK, post=everybody(200)),
    Row("notices:unsubscribe", lambda: ["findes-ikke"], GONE, post=everybody(404)),
    Row("account_login", none, ENTRANCE, post=(200, 302, 302, 302, 302, 302)),
    Row("account_signup", none, ENTRANCE, post=(200, 302, 302, 302, 302, 302)),
    Row("account_logout", none, MINE, post=everybody(302)),
    Row("account_inactive", none, OK),
    Row("account_reauthenticate", none, MINE, post=accounts(200)),
    Row("account_email", none, MINE, post=accounts(302)),
    Row("account_email_verification_sent", none, OK, post=everybody(405)),
    # Whoever has the link confirms; it works once.
    Row("account_confirm_email", confirmation, OK, post=(302, 404, 404, 404, 404, 404)),
    Row("account_confirm_email", lambda: ["findes-ikke"], OK, post=everybody(404)),
    Row("account_change_password", none, MINE, post=accounts(200)),
    Row("account_set_password", none, SURE, post=accounts(302)),
    Row("account_reset_password", none, OK, post=everybody(200)),
    Row("account_reset_password_done", none, OK),
    Row("account_reset_password_from_key", lambda: ["1", "x"], OK, post=everybody(200)),
    Row("account_reset_password_from_key_done", none, OK),
    Row("mfa_index", none, MINE, post=accounts(405)),
    Row("mfa_authenticate", none, SURE, post=everybody(302)),
    Row("mfa_reauthenticate", none, SURE, post=accounts(302)),
    Row("mfa_activate_totp", none, SURE, post=accounts(302)),
    Row("mfa_deactivate_totp", none, (302, 404, 404, 404, 404), post=accounts(404)),
    Row("mfa_view_recovery_codes", none, (302, 404, 404, 404, 404), post=accounts(405)),
    Row("mfa_generate_recovery_codes", none, SURE, post=accounts(302)),
    Row("mfa_download_recovery_codes", none, (302, 404, 404, 404, 404), post=accounts(404)),
    Row("mfa_list_webauthn", none, MINE, post=accounts(405)),
    Row("mfa_add_webauthn", none, SURE, post=accounts(302)),
    Row("mfa_login_webauthn", none, SURE, post=everybody(302)),
    Row("mfa_reauthenticate_webauthn", none, SURE, post=accounts(302)),
    Row("mfa_remove_webauthn", lambda: [1], SURE, post=accounts(302)),
    Row("mfa_edit_webauthn", lambda: [1], SURE, post=accounts(302)),
    Row("usersessions_list", none, MINE, post=accounts(302)),
    # No broker is set up.
    Row("socialaccount_connections", none, GONE, post=everybody(404)),
    Row("socialaccount_signup", none, GONE, post=everybody(404)),
    Row("socialaccount_login_cancelled", none, GONE, post=everybody(404)),
    Row("socialaccount_login_error", none, GONE, post=everybody(404)),
    Row("openid_connect_login", lambda: ["broker"], GONE, post=everybody(404)),
    Row("openid_connect_callback", lambda: ["broker"], GONE, post=everybody(404)),
]


def names(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[str]:
    """Every name in the URLconf, with its namespace; patterns without one lead nowhere by themselves."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif pattern.name:
            yield namespace + pattern.name


@pytest.fixture
def as_role(client: Client, db: None) -> Callable[[str], Client]:
    """Return a client signed in as a role."""

    def sign_in(role: str) -> Client:
        client.logout()
        if role == "editor":
            client.force_login(editor())
        elif role == "employee":
            client.force_login(employee())
        elif role == "contact":
            workplace = Workplace.objects.filter(slug=CONTACTS_WORKPLACE).first()
            client.force_login(contact_person(workplace or WorkplaceFactory.create(slug=CONTACTS_WORKPLACE)))
        elif role != "anonymous":
            client.force_login(UserFactory.create(admin=role == "administrator"))
        return client

    return sign_in


def test_every_name_has_a_row() -> None:
    """And no row is left behind. Admin's own names are held by the rules below."""
    found = {name for name in names() if not name.startswith("admin:")}
    assert found == {row.name for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}-{r.name}" for n, r in enumerate(ROWS)])
def test_what_each_role_gets(
    as_role: Callable[[str], Client], settings: Any, tmp_path: Any, row: Row
) -> None:
    """GET and HEAD answer alike. POST answers what the table says, and 405 where it says nothing."""
    settings.MEDIA_ROOT = tmp_path
    address = reverse(row.name, args=row.args())
    for role, status in zip(ROLES, row.answers(), strict=True):
        client = as_role(role)
        assert client.get(address).status_code == status, role
        assert client.head(address).status_code == status, role
        if row.post:
            assert outcome(client.post(address)) == row.post[ROLES.index(role)], f"{role} posts"
            continue
        for method in (client.post, client.put, client.delete, client.patch):
            assert method(address).status_code == 405, role


# -- admin ----------------------------------------------------------------


def objects() -> dict[str, Any]:
    """A row of each model in admin that tests can make."""
    chapter = ChapterFactory.create()
    return {
        "catalogue.entry": published(),
        "catalogue.chapter": chapter,
        "catalogue.collection": chapter.collection,
        "places.workplace": WorkplaceFactory.create(),
        "editorial.tag": TagFactory.create(),
        "accounts.user": UserFactory.create(),
    }


def admin_addresses() -> dict[str, str]:
    """Name → an address for every named view of admin."""
    made = objects()
    entry = made["catalogue.entry"]
    special = {
        "view_on_site": [ContentType.objects.get_for_model(Entry).pk, entry.pk],
        "app_list": ["catalogue"],
        "catalogue_collection_preview": [made["catalogue.collection"].pk],
        "catalogue_entry_import_template": ["csv"],
        "catalogue_entry_import_run": [uuid.uuid4()],
        "catalogue_entry_import_confirm": [uuid.uuid4()],
        "catalogue_entry_import_take_up": [uuid.uuid4()],
        "catalogue_entry_transition": ["suspend"],
        "catalogue_story_transition": ["suspend"],
        "mapping_project_transition": ["suspend"],
        "mapping_unit_transition": ["suspend"],
        "ideastorm_storm_transition": ["suspend"],
        "ideastorm_idea_transition": ["suspend"],
        "practicum_offer_transition": ["suspend"],
        "auth_user_password_change": [made["accounts.user"].pk],
    }
    addresses = {}
    for name in dict.fromkeys(names()):
        if not name.startswith("admin:"):
            continue
        short = name.removeprefix("admin:")
        args = special.get(short, [])
        if short.endswith(("_change", "_delete", "_history")) and short not in {*special, "password_change"}:
            app, model, _ = short.split("_", 2)
            thing = made.get(f"{app}.{model}")
            if thing is None:
                registered = next(m for m in admin.site._registry if m._meta.label_lower == f"{app}.{model}")
                thing = registered._default_manager.first()
            args = [thing.pk if thing else 0]
        addresses[short] = reverse(name, args=args)
    return addresses


def test_admin_is_closed_to_all_but_staff(as_role: Callable[[str], Client]) -> None:
    """Every named view: who is not staff is led to the log-in, whatever the method; nothing is told."""
    addresses = admin_addresses()
    for role in ("anonymous", "citizen", "employee", "contact"):
        client = as_role(role)
        for name, address in addresses.items():
            if name in ("login", "logout"):
                continue
            for method in (client.get, client.post):
                response = method(address)
                assert response.status_code in (302, 403), (role, name)
                if response.status_code == 302:
                    assert "/admin/login/" in response["Location"], (role, name)
                assert "Et eksempel" not in response.content.decode()


ADMINISTRATORS_ONLY = {"accounts", "auth", "coi", "notices", "procrastinate", "taggit"}


def test_editors_get_what_their_rights_say(as_role: Callable[[str], Client]) -> None:
    """Lists and forms of the models in the table of rights; 403 or nothing for users, jobs and the rest."""
    addresses = admin_addresses()
    client = as_role("editor")
    for name, address in addresses.items():
        app, _, rest = name.partition("_")
        status = client.get(address).status_code
        if app in ADMINISTRATORS_ONLY:
            assert status in (302, 403, 404), name
        elif rest.endswith("_changelist"):
            rights = EDITOR_RIGHTS.get(f"{app}.{rest.removesuffix('_changelist')}", ())
            assert (status == 200) is ("view" in rights), name
        elif rest.endswith("_add"):
            rights = EDITOR_RIGHTS.get(f"{app}.{rest.removesuffix('_add')}", ())
            # A chapter is added on its collection's page, never by itself.
            assert status == (200 if "add" in rights and name != "catalogue_chapter_add" else 403), name
        else:
            assert status < 500, name


WRITING = ("add", "change", "delete")
"""The last word of an address in admin at which one writes, and the right that it takes."""


def test_editors_write_where_their_rights_say(as_role: Callable[[str], Client]) -> None:
    """POST without any field: 403 where they may only look, and never an error or a row more."""
    addresses = admin_addresses()
    client = as_role("editor")
    before = Entry.objects.count(), Workplace.objects.count()
    for name, address in addresses.items():
        app, _, rest = name.partition("_")
        model, _, act = rest.rpartition("_")
        if name in ("login", "logout"):
            continue
        status = client.post(address).status_code
        if app in ADMINISTRATORS_ONLY:
            assert status in (302, 403, 404), name
        elif act in WRITING and act not in EDITOR_RIGHTS.get(f"{app}.{model}", WRITING):
            assert status in (302, 403), name  # 302: there is no such row
        else:
            assert status < 500, name
    assert before == (Entry.objects.count(), Workplace.objects.count())


def test_administrators_write_without_an_error(as_role: Callable[[str], Client]) -> None:
    """POST without any field to every address of admin."""
    addresses = admin_addresses()
    client = as_role("administrator")
    for name, address in addresses.items():
        if name not in ("login", "logout"):
            assert client.post(address).status_code < 500, name


def test_administrators_get_everything(as_role: Callable[[str], Client]) -> None:
    """No address of admin fails, and every list opens."""
    addresses = admin_addresses()
    client = as_role("administrator")
    for name, address in addresses.items():
        status = client.get(address).status_code
        assert status < 500, name
        if name.endswith("_changelist"):
            assert status == 200, name


def test_the_way_in_and_out(as_role: Callable[[str], Client]) -> None:
    """The log-in is everybody's; log-out answers POST only, so that no link can sign staff out."""
    assert as_role("anonymous").get(reverse("admin:login"))["Location"].startswith("/konto/login/?next=")
    for role in ("editor", "administrator"):
        client = as_role(role)
        assert client.get(reverse("admin:logout")).status_code == 405
        assert client.get(reverse("admin:index")).status_code == 200
        assert client.post(reverse("admin:logout")).status_code in (200, 302)
        assert client.get(reverse("admin:index")).status_code == 302
