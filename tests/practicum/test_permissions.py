"""The whole table: every address of Innovationspraktik × role × state, what GET and POST answer, and the predicate that
says so. An address without a row fails."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.models import User
from editorial.models import Change, Content
from places.models import Workplace
from practicum import permissions as p
from practicum.approving.facts import Facts
from practicum.choices import ApplicationState
from practicum.models import (
    Agreement,
    Application,
    DirectRequest,
    LeaderApproval,
    MatchPin,
    MatchRun,
    Offer,
    OpenWish,
    Round,
    SavedSearch,
    Stay,
    Wish,
)
from tests.database_scope import shared_rows
from tests.factories import (
    OfferFactory,
    RoundFactory,
    UserFactory,
    contact_person,
    editor,
    employee,
    membership,
    public_offer,
    say_yes,
    stay_at,
)
from tests.practicum.test_applying import guest, open_round

ROLES = ("visitor", "citizen", "employee", "guest", "leader", "host", "other", "former", "editor", "admin")
"""`employee` has no part in it; `leader` has the guest's leader's link open, without an account; `other` speaks for
another host; `former` spoke for this one; `editor` is a moderator; `admin` has every right."""
# A letter for each role, for GET and for an empty POST: O is shown, W asks for what is missing (422), R leads on,
# L leads to the log-in, x is forbidden, . is not there, G is gone, C was changed meanwhile, - is no such method.
TABLE = """
# address            | of, state            | v c e g l h o f m a | v c e g l h o f m a | predicate
# reading
list                 | any -                | O O O O O O O O O O | - - - - - - - - - -
feed                 | any -                | O O O O O O O O O O | - - - - - - - - - -
export               | any csv              | O O O O O O O O O O | - - - - - - - - - -
figures              | any year             | O O O O O O O O O O | - - - - - - - - - -
figures              | any hidden           | . . . . . . . . . . | - - - - - - - - - -
figures_export       | any year.csv         | O O O O O O O O O O | - - - - - - - - - -
saved                | any -                | L O O O L O O O O O | - - - - - - - - - -
save                 | any -                | - - - - - - - - - - | L R R R L R R R R R
stop                 | any saved            | - - - - - - - - - - | L R R R L R R R R R
offer                | place published      | O O O O O O O O O O | - - - - - - - - - - | GET can_view_offer
offer                | place archived       | O O O O O O O O O O | - - - - - - - - - - | GET can_view_offer
offer                | place withdrawn      | . . . . . O . . O O | - - - - - - - - - - | GET can_view_offer
offer                | place suspended      | . . . . . O . . O O | - - - - - - - - - - | GET can_view_offer
offer_preview        | draft draft          | . . . . . O . . O O | - - - - - - - - - - | GET can_view_offer
offer_preview        | draft submitted      | . . . . . O . . O O | - - - - - - - - - - | GET can_view_offer
offer_preview        | draft published      | R R R R R R R R R R | - - - - - - - - - -
offer_preview        | draft suspended      | . . . . . R . . R R | - - - - - - - - - -
# offering
offer_new            | any -                | L O O O L O O O O O | L x x x L W W x x x
alike                | any -                | L O O O L O O O O O | - - - - - - - - - -
entry_names          | any -                | L O O O L O O O O O | - - - - - - - - - -
offer_copy           | draft draft          | - - - - - - - - - - | L . . . L R . . . .
offer_copy           | draft published      | - - - - - - - - - - | L x x x L R x x x x | POST can_edit_offer
offer_copy           | draft withdrawn      | - - - - - - - - - - | L . . . L R . . . . | POST can_edit_offer
offer_copy           | draft suspended      | - - - - - - - - - - | L . . . L R . . . . | POST can_edit_offer
offer_edit           | place published      | L x x x L R x x x x | L x x x L R x x x x | POST can_edit_offer
offer_edit           | place suspended      | L . . . L . . . . . | L . . . L . . . . .
offer_withdraw       | place published      | L x x x L O x x x x | L x x x L W x x x x | POST can_edit_offer
offer_withdraw       | place suspended      | L . . . L . . . . . | L . . . L . . . . .
proposal_resume      | draft draft          | L . . . L R . . . . | - - - - - - - - - -
proposal_resume      | draft submitted      | L . . . L R . . . . | - - - - - - - - - -
proposal_resume      | draft published      | L . . . L . . . . . | - - - - - - - - - -
proposal_preview     | draft draft          | L . . . L O . . . . | - - - - - - - - - -
proposal_preview     | draft submitted      | L . . . L O . . . . | - - - - - - - - - -
proposal_review      | draft draft          | L . . . L O . . . . | L . . . L W . . . .
proposal_review      | draft submitted      | L . . . L R . . . . | L . . . L R . . . .
proposal_done        | draft draft          | L . . . L R . . . . | - - - - - - - - - -
proposal_done        | draft submitted      | L . . . L O . . . . | - - - - - - - - - -
proposal_undo        | draft draft          | L . . . L O . . . . | L . . . L R . . . .
proposal_undo        | draft submitted      | L . . . L O . . . . | L . . . L R . . . .
proposal_step        | step draft           | L . . . L O . . . . | L . . . L C . . . .
proposal_step        | step submitted       | L . . . L R . . . . | L . . . L R . . . .
change_resume        | change draft         | L . . . L R . . . . | - - - - - - - - - -
change_resume        | change submitted     | L . . . L R . . . . | - - - - - - - - - -
change_resume        | change suspended     | L . . . L . . . . . | - - - - - - - - - -
change_preview       | change draft         | L . . . L O . . . . | - - - - - - - - - -
change_review        | change draft         | L . . . L O . . . . | L . . . L R . . . .
change_review        | change submitted     | L . . . L R . . . . | L . . . L R . . . .
change_done          | change submitted     | L . . . L O . . . . | - - - - - - - - - -
change_undo          | change submitted     | L . . . L O . . . . | L . . . L R . . . .
change_step          | change_step draft    | L . . . L O . . . . | L . . . L C . . . .
change_step          | change_step suspended | L . . . L . . . . . | L . . . L . . . . .
# leaders
ask_leader           | draft draft          | L . . . L O . . . . | L . . . L W . . . . | GET can_edit_offer
ask_leader           | draft submitted      | L . . . L O . . . . | L . . . L W . . . . | GET can_edit_offer
ask_leader           | draft published      | L . . . L O . . . . | L . . . L W . . . . | GET can_edit_offer
ask_leader           | draft suspended      | L . . . L O . . . . | L . . . L W . . . . | GET can_edit_offer
approval             | link fresh           | O O O O O O O O O O | W W W W W W W W W W
approval             | link used            | O O O O O O O O O O | O O O O O O O O O O
approval             | link expired         | G G G G G G G G G G | G G G G G G G G G G
approval             | link gone            | G G G G G G G G G G | G G G G G G G G G G
approval             | link wrong           | . . . . . . . . . . | . . . . . . . . . .
# applying
apply                | place published      | L x O O L x O x x x | L x W R L x W x x x | POST can_apply
apply                | place closed         | L x x x L x x x x x | L x x x L x x x x x
apply                | place archived       | L x x x L x x x x x | L x x x L x x x x x | POST can_apply
apply                | place withdrawn      | L . . . L x . . x x | L . . . L x . . x x
apply                | place suspended      | L . . . L x . . x x | L . . . L x . . x x
application          | application kladde   | L . . O L . . . O O | L . . W L . . . x x | GET can_view_application
application          | application leder    | L . . O L . . . O O | L . . W L . . . x x | GET can_view_application
application          | application klar     | L . . O L O . . O O | L . . W L x . . x x | GET can_view_application
application          | application placeret | L . . O L O . . O O | L . . W L x . . x x | GET can_view_application
application          | application trukket  | L . . O L . . . O O | L . . W L . . . x x | GET can_view_application
application          | application lukket   | L . . O L . . . O O | L . . W L . . . x x | GET can_view_application
application_send     | application kladde   | L . . O L . . . x x | L . . W L . . . x x
application_send     | application klar     | L . . R L x . . x x | L . . R L x . . x x
application_send     | application trukket  | L . . x L . . . x x | L . . x L . . . x x
application_withdraw | application kladde   | L . . O L . . . x x | L . . R L . . . x x | GET can_withdraw_application
application_withdraw | application leder    | L . . O L . . . x x | L . . R L . . . x x | GET can_withdraw_application
application_withdraw | application klar     | L . . O L x . . x x | L . . R L x . . x x | GET can_withdraw_application
application_withdraw | application placeret | L . . R L x . . x x | L . . W L x . . x x | GET can_withdraw_application
application_withdraw | application trukket  | L . . R L . . . x x | L . . R L . . . x x | GET can_withdraw_application
offer_applications   | place published      | L x x x L O x x O O | L x x x L . x x x x | GET can_see_applications
offer_applications   | place archived       | L x x x L O x x O O | L x x x L . x x x x | GET can_see_applications
offer_applications   | place withdrawn      | L . . . L O . . O O | L . . . L . . . x x | GET can_see_applications
offer_applications   | place suspended      | L . . . L O . . O O | L . . . L . . . x x | GET can_see_applications
wishes               | any -                | L x O O L O O x O O | L x W W L W W x x x | POST can_wish
open_wish            | wish open            | L . . O L O O . O O | L . . x L W W . W W
open_wish            | wish closed          | L . . O L . . . . . | L . . x L . . . . .
open_wish_close      | wish open            | - - - - - - - - - - | L . . R L . . . . .
open_wish_close      | wish closed          | - - - - - - - - - - | L . . R L . . . . .
shortage             | any -                | L x x x L O O x O O | - - - - - - - - - - | GET can_answer_wishes
invite_hosts         | any -                | L x x x L x x x O O | L x x x L x x x W W | GET can_invite_hosts
# agreed on directly
ask_direct           | place published      | L x O O L x O x x x | L x W W L x W x x x | POST can_apply
ask_direct           | place archived       | L x x x L x x x x x | L x x x L x x x x x | POST can_apply
ask_direct           | place withdrawn      | L . . . L x . . x x | L . . . L x . . x x | POST can_apply
ask_direct           | place suspended      | L . . . L x . . x x | L . . . L x . . x x | POST can_apply
request              | request sendt        | L . . O L O . . O O | - - - - - - - - - -
request              | request leder        | L . . O L . . . O O | - - - - - - - - - -
request              | request venteliste   | L . . O L O . . O O | - - - - - - - - - -
request              | request tilbudt      | L . . O L O . . O O | - - - - - - - - - -
request              | request afslaaet     | L . . O L O . . O O | - - - - - - - - - -
request              | request trukket      | L . . O L O . . O O | - - - - - - - - - -
request_accept       | request sendt        | - - - - - - - - - - | L . . x L W . . x x | POST can_answer_request
request_accept       | request leder        | - - - - - - - - - - | L . . x L . . . x x | POST can_answer_request
request_accept       | request afslaaet     | - - - - - - - - - - | L . . x L W . . x x
request_decline      | request sendt        | - - - - - - - - - - | L . . x L W . . x x | POST can_answer_request
request_decline      | request leder        | - - - - - - - - - - | L . . x L . . . x x | POST can_answer_request
request_message      | request sendt        | - - - - - - - - - - | L . . W L W . . x x
request_message      | request leder        | - - - - - - - - - - | L . . W L . . . x x
request_message      | request trukket      | - - - - - - - - - - | L . . W L W . . x x
request_withdraw     | request sendt        | - - - - - - - - - - | L . . R L x . . x x
request_withdraw     | request leder        | - - - - - - - - - - | L . . R L . . . x x
# stays
stay                 | stay tilbudt         | L . . O L O . . O O | - - - - - - - - - - | GET can_view_stay
stay                 | stay aftalt          | L . . O L O . . O O | - - - - - - - - - - | GET can_view_stay
stay                 | stay aflyst          | L . . O L O . . O O | - - - - - - - - - - | GET can_view_stay
stay                 | stay holdt           | L . . O L O . . O O | - - - - - - - - - - | GET can_view_stay
stay_answer          | stay tilbudt         | - - - - - - - - - - | L . . W L W . . x x
stay_answer          | stay aftalt          | - - - - - - - - - - | L . . W L W . . x x
stay_answer          | stay aflyst          | - - - - - - - - - - | L . . W L W . . x x
stay_cancel          | stay tilbudt         | L . . O L O . . x x | L . . W L W . . x x | GET can_cancel
stay_cancel          | stay aftalt          | L . . O L O . . x x | L . . W L W . . x x | GET can_cancel
stay_cancel          | stay aflyst          | L . . x L x . . x x | L . . x L x . . x x | GET can_cancel
stay_cancel          | stay holdt           | L . . x L x . . x x | L . . x L x . . x x | GET can_cancel
calendar             | stay tilbudt         | L . . O L O . . x x | - - - - - - - - - -
calendar             | stay aftalt          | L . . O L O . . x x | - - - - - - - - - -
calendar             | stay aflyst          | L . . O L O . . x x | - - - - - - - - - -
agreement            | stay tilbudt         | L . . O L O . . O O | - - - - - - - - - - | GET can_view_stay
agreement            | stay aftalt          | L . . O L O . . O O | - - - - - - - - - - | GET can_view_stay
agreement            | stay aflyst          | L . . O L O . . O O | - - - - - - - - - - | GET can_view_stay
agreement_edit       | stay tilbudt         | L . . x L x . . x x | L . . x L x . . x x | GET can_sign
agreement_edit       | stay aftalt          | L . . O L O . . x x | L . . W L W . . x x | GET can_sign
agreement_edit       | stay aflyst          | L . . x L x . . x x | L . . x L x . . x x | GET can_sign
agreement_edit       | stay holdt           | L . . x L x . . x x | L . . x L x . . x x | GET can_sign
agreement_sign       | stay tilbudt         | - - - - - - - - - - | L . . x L x . . x x | POST can_sign
agreement_sign       | stay aftalt          | - - - - - - - - - - | L . . W L W . . x x | POST can_sign
agreement_sign       | stay aflyst          | - - - - - - - - - - | L . . x L x . . x x | POST can_sign
agreement_sign       | stay holdt           | - - - - - - - - - - | L . . x L x . . x x | POST can_sign
evaluate             | stay tilbudt         | L . . x L x . . x x | L . . x L x . . x x | POST can_evaluate
evaluate             | stay aftalt          | L . . x L x . . x x | L . . x L x . . x x | POST can_evaluate
evaluate             | stay aflyst          | L . . x L x . . x x | L . . x L x . . x x | POST can_evaluate
evaluate             | stay holdt           | L . . O L O . . x x | L . . W L W . . x x | POST can_evaluate
used                 | stay aftalt          | L . . x L x . . x x | L . . x L x . . x x
used                 | stay holdt           | L . . O L x . . x x | L . . W L x . . x x
certificate          | stay aftalt          | L . . x L x . . x x | - - - - - - - - - -
certificate          | stay holdt           | L . . O L x . . x x | - - - - - - - - - -
# the editors' round
matching             | any year             | L x x x L x x x O O | L x x x L x x x W W | GET can_match
matching             | any hidden           | L x x x L x x x O O | L x x x L x x x W W | GET can_match
matching_send        | any run              | - - - - - - - - - - | L x x x L x x x R R
matching_export      | any run              | L x x x L x x x O O | - - - - - - - - - - | GET can_match
matching_guest       | matched -            | L x x x L x x x O O | L x x x L x x x W W | GET can_match
matching_unpin       | any pin              | - - - - - - - - - - | L x x x L x x x R R | POST can_match
dashboard            | any year             | L x x x L x x x O O | - - - - - - - - - - | GET can_match
dashboard_export     | any stays.csv        | L x x x L x x x O O | - - - - - - - - - - | GET can_match
"""


class World:
    """A place and who has to do with it. `put` gives the things that a state is of, in that state."""

    def __init__(self) -> None:
        self.round = open_round()
        self.offer: Offer = public_offer(round=self.round)
        assert self.offer.owner is not None
        self.owner: Workplace = self.offer.owner
        others = public_offer(round=self.round)
        assert others.owner is not None
        host = contact_person(self.owner)
        former: User = UserFactory.create()
        membership(user=former, workplace=self.owner, role="kontaktperson", state="ended")
        self.people: dict[str, User | AnonymousUser] = {
            "visitor": AnonymousUser(),
            "citizen": UserFactory.create(),
            "employee": employee(),
            "guest": guest(),
            "leader": AnonymousUser(),
            "host": host,
            "other": contact_person(others.owner),
            "former": former,
            "editor": editor(),
            "admin": UserFactory.create(admin=True),
        }
        self.guest, self.host = self.people["guest"], host
        assert isinstance(self.guest, User)
        self.draft: Offer = OfferFactory.create(round=self.round, owner=self.owner, author=host)
        self.change = Change.begin(self.offer, by=host, proposed={"meeting_place": "Ved porten"})
        days = [self.round.stays_from + dt.timedelta(days=n) for n in range(5)]
        self.application = Application.objects.create(
            guest=self.guest, workplace=Workplace.objects.get(memberships__user=self.guest), round=self.round,
            motivation="Vi skal i gang.", possible_days=days,
        )  # fmt: skip
        Wish.objects.create(application=self.application, offer=self.offer, rank=1)
        say_yes(self.application)
        self.put_application(ApplicationState.READY)
        self.asked = LeaderApproval.objects.create(
            application=self.application, email="leder@fjordby.example",
            expires_at=timezone.now() + dt.timedelta(days=21), **Facts.of(self.application).columns,
        )  # fmt: skip
        self.request = DirectRequest.objects.create(application=self.application, offer=self.offer)
        self.stay: Stay = stay_at(self.offer, application=self.application)
        self.agreement = Agreement.objects.create(
            stay=self.stay, number=1, written_by="gaest", purpose="At se det."
        )
        self.wish = OpenWish.objects.create(guest=self.guest, text="Et hus uden kø")
        self.saved = SavedSearch.objects.create(user=self.guest, querystring="dage=3")
        self.run = MatchRun.objects.create(
            round=self.round, number=1, weights={}, state="klar", finished_at=timezone.now()
        )
        self.pin = MatchPin.objects.create(
            round=self.round, application=self.application, offer=self.offer, kind="fast", reason="Aftalt"
        )
        self.hidden_round: Round = RoundFactory.create(year=self.round.year + 1, is_public=False)
        self.clients = {role: Client() for role in ROLES}
        for role, user in self.people.items():
            if isinstance(user, User):
                self.clients[role].force_login(user)

    def put_application(self, state: str) -> None:
        """The application, in a state."""
        Application.objects.filter(pk=self.application.pk).update(state=state)
        self.application.refresh_from_db()

    def put(self, of: str, state: str) -> tuple[list[Any], Any]:
        """Put what a row is about in the row's state; its arguments in addresses, and what predicates are asked of."""
        return getattr(self, f"_{of}")(state)  # type: ignore[no-any-return]

    def _place(self, state: str) -> tuple[list[Any], Any]:
        """By its slug; with another round's dates, when it is »closed«."""
        if state == "closed":
            Round.objects.filter(pk=self.round.pk).update(
                applications_until=timezone.localdate() - dt.timedelta(days=1),
                offers_until=timezone.localdate() - dt.timedelta(days=1),
                seats_move_on=timezone.localdate() - dt.timedelta(days=2),
            )
        else:
            Content.objects.filter(pk=self.offer.pk).update(state=state)
        offer = Offer.objects.select_related("owner", "round").get(pk=self.offer.pk)
        return [offer.slug], offer

    def _draft(self, state: str) -> tuple[list[Any], Any]:
        """By its uuid: one that was never public, or one that was."""
        row = self.draft if state in ("draft", "submitted") else self.offer
        Content.objects.filter(pk=row.pk).update(state=state)
        return [row.uuid], Offer.objects.select_related("owner", "round").get(pk=row.pk)

    def _step(self, state: str) -> tuple[list[Any], Any]:
        args, row = self._draft(state)
        return [*args, "ser"], row

    def _change(self, state: str) -> tuple[list[Any], Any]:
        """The host's change of the place; »suspended« is the place."""
        if state == "suspended":
            Content.objects.filter(pk=self.offer.pk).update(state=state)
        else:
            Change.objects.filter(pk=self.change.pk).update(state=state, submitted_at=Now())
        return [self.change.uuid], self.change

    def _change_step(self, state: str) -> tuple[list[Any], Any]:
        args, row = self._change(state)
        return [*args, "ser"], row

    def _application(self, state: str) -> tuple[list[Any], Any]:
        Stay.objects.filter(pk=self.stay.pk).delete()
        self.put_application(state)
        return [self.application.uuid], self.application

    def _request(self, state: str) -> tuple[list[Any], Any]:
        """»leder«: the guest has chosen other days since, and the leader has not said yes to them."""
        if state == "leder":
            self.put_application(state)
        else:
            DirectRequest.objects.filter(pk=self.request.pk).update(
                state=state, reason="Travlt", waiting_since=Now()
            )
        self.request.refresh_from_db()
        return [self.request.uuid], self.request

    def _stay(self, state: str) -> tuple[list[Any], Any]:
        fields: dict[str, Any] = {"state": state}
        if state == "tilbudt":
            fields |= {"held_until": timezone.now() + dt.timedelta(days=1), "guest_accepted_at": None}
        if state == "aflyst":
            fields |= {"cancelled_by": "vaert", "reason": "Syge"}
        Stay.objects.filter(pk=self.stay.pk).update(**fields)
        return [self.stay.uuid], Stay.objects.select_related("offer__owner").get(pk=self.stay.pk)

    def _link(self, state: str) -> tuple[list[Any], Any]:
        """The leader's link; »gone« is when the guest has taken the application back."""
        self.put_application("trukket" if state == "gone" else "leder")
        rows = LeaderApproval.objects.filter(pk=self.asked.pk)
        if state == "used":
            rows.update(answer="ja", answered_at=Now())
        if state == "expired":
            rows.update(
                asked_at=timezone.now() - dt.timedelta(days=30),
                expires_at=timezone.now() - dt.timedelta(days=9),
            )
        return ["ABCDEFGHJKMNPQRSTVWXYZ2345" if state == "wrong" else self.asked.code], None

    def _wish(self, state: str) -> tuple[list[Any], Any]:
        if state == "closed":
            OpenWish.objects.filter(pk=self.wish.pk).update(closed_at=Now())
        return [self.wish.uuid], None

    def _matched(self, state: str) -> tuple[list[Any], Any]:
        """The guest in the matching, before there is a stay."""
        Stay.objects.filter(pk=self.stay.pk).delete()
        return [self.round.year, self.application.uuid], None

    def _any(self, state: str) -> tuple[list[Any], Any]:
        """What has no state: its arguments stand in the row instead."""
        year = self.hidden_round.year if state == "hidden" else self.round.year
        return {
            "-": [],
            "saved": [self.saved.uuid],
            "unknown": [uuid.uuid4()],
            "year": [year],
            "hidden": [year],
            "run": [year, 1],
            "pin": [year, self.pin.uuid],
            "csv": ["csv"],
            "year.csv": [year, "csv"],
            "stays.csv": [year, "ophold", "csv"],
        }[state], None


class Row(NamedTuple):
    """An address in a state, a letter for each role, and the predicate that GET or POST follows."""

    name: str
    of: str
    state: str
    get: str
    post: str
    rule: str


def rows() -> list[Row]:
    """The table, read."""
    found = []
    for line in TABLE.strip().splitlines():
        if not line or line.startswith("#"):
            continue
        name, thing, get, post, *rule = [part.strip() for part in line.split("|")]
        of, state = thing.split()
        found.append(Row(name, of, state, get.replace(" ", ""), post.replace(" ", ""), "".join(rule)))
    return found


ROWS = rows()


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once; every visit is undone."""
    with shared_rows(django_db_blocker):
        yield World()


@pytest.fixture
def world(made: World, db: None) -> World:
    """With the leader's link open in one browser."""
    made.clients["leader"].get(reverse("practicum:approval", args=[made.asked.code]))
    return made


LETTERS = {200: "O", 422: "W", 403: "x", 404: ".", 405: "-", 409: "C", 410: "G"}


def letter(answer: HttpResponseBase) -> str:
    """What an answer is called in the table."""
    if answer.status_code == 302:
        return "L" if "/konto/login/" in answer.headers["Location"] else "R"
    return LETTERS.get(answer.status_code, str(answer.status_code))


@pytest.fixture(autouse=True)
def nothing_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are left empty, so that the whole table takes seconds: what stands on them is tried elsewhere."""
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *args, **kwargs: "")


def ask(world: World, row: Row) -> tuple[str, str]:
    """What each role gets of a row, by GET and by an empty POST; each visit is undone."""
    found: dict[str, list[str]] = {"get": [], "post": []}
    address = reverse(f"practicum:{row.name}", args=world.put(row.of, row.state)[0])
    for method, letters in found.items():
        for role in ROLES:
            before = transaction.savepoint()
            letters.append(letter(getattr(world.clients[role], method)(address)))
            transaction.savepoint_rollback(before)
    return "".join(found["get"]), "".join(found["post"])


def may(row: Row, role: str) -> bool:
    """Whether the table lets a role in, where the row's predicate rules."""
    method, _rule = row.rule.split()
    return (row.get if method == "GET" else row.post)[ROLES.index(role)] in ("O" if method == "GET" else "WR")


@pytest.mark.parametrize("name", dict.fromkeys(row.name for row in ROWS))
def test_the_table(world: World, name: str) -> None:
    """What each role gets of an address, in each state; and the predicate says the same."""
    wrong = []
    for row in ROWS:
        if row.name != name:
            continue
        before = transaction.savepoint()
        if (found := ask(world, row)) != (row.get, row.post):
            wrong.append((row.of, row.state, " ".join(found[0]), " ".join(found[1])))
        if row.rule:
            thing = world.put(row.of, row.state)[1]
            predicate = getattr(p, row.rule.split()[1])
            for role, user in world.people.items():
                if (predicate(user, thing) if thing else predicate(user)) is not may(row, role):
                    wrong.append((row.of, row.state, row.rule, role))
        transaction.savepoint_rollback(before)
    assert not wrong


def test_every_address_has_a_row() -> None:
    """One that is new is either in the table, or fails here; and each row is whole."""
    names = {
        key for key in get_resolver().namespace_dict["practicum"][1].reverse_dict if isinstance(key, str)
    }
    assert {row.name for row in ROWS} == names
    assert all(len(row.get) == len(row.post) == len(ROLES) for row in ROWS)


ON_PAGES: dict[str, list[tuple[str, str, set[str]]]] = {
    # predicate: of, state, who
    "can_edit_application": [
        *(("application", state, {"guest"}) for state in ("kladde", "leder", "klar")),
        *(("application", state, set()) for state in ("placeret", "trukket", "lukket")),
    ],
    "can_see_order": [
        ("application", state, {"guest", "editor", "admin"}) for state in ApplicationState.values
    ],
    "can_see_contacts": [
        *(("stay", state, {"guest", "host"}) for state in ("aftalt", "holdt")),
        *(("stay", state, set()) for state in ("tilbudt", "aflyst")),
    ],
    "can_mark": [
        ("application", "klar", {"host"}),
        *(("application", state, set()) for state in ApplicationState.values if state != "klar"),
    ],
}
"""What a page shows or takes of those who may open it."""


@pytest.mark.parametrize("rule", ON_PAGES)
def test_what_pages_show(world: World, rule: str) -> None:
    """Each of action × role × state."""
    for of, state, expected in ON_PAGES[rule]:
        before = transaction.savepoint()
        thing = world.put(of, state)[1]
        more = [world.offer] if rule == "can_mark" else []
        found = {role for role, user in world.people.items() if getattr(p, rule)(user, thing, *more)}
        transaction.savepoint_rollback(before)
        assert found == expected, state


def test_who_offers_for_a_workplace(world: World) -> None:
    """Its contact persons, while it is open."""
    assert {role for role, user in world.people.items() if p.can_offer(user, world.owner)} == {"host"}
    world.owner.closed_on = timezone.localdate()
    assert not any(p.can_offer(user, world.owner) for user in world.people.values())


def test_every_predicate_is_tried() -> None:
    """In the table, or below it."""
    tried = {row.rule.split()[1] for row in ROWS if row.rule} | {*ON_PAGES, "can_offer"}
    assert {name for name in vars(p) if name.startswith("can_")} == tried
