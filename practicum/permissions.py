"""Who may do what in Innovationspraktik. Plain predicates, used by views, templates and admin alike.

`tests/practicum/test_permissions.py` holds this table: action × role × state.

  action               who                                                    state
  view an offer        everybody; its host and editors also before            public; all
  offer a place        contact persons of a workplace that is open            a round is open for offers, or none
  edit an offer        the host's contact persons                             –
  apply                public employees, not of the host                      the offer is public and open
  view an application  the guest, editors; hosts of places wished for         all; once the leader has said yes
  edit an application  the guest                                              until the round closes for applications
  withdraw one         the guest                                              until there is a place
  see wishes' order    the guest, editors                                     –
  read applications    contact persons of the host, editors                   once the leader has said yes
  mark an application  contact persons of the host                            the leader has said yes, no place yet
  wish without place   public employees                                       –
  answer such a wish   contact persons of open workplaces, editors            it is not closed
  invite workplaces    editors                                                –
  answer a request     contact persons of the host                            open
  view a stay          the guest, contact persons of the host, editors        –
  see contacts         the guest, contact persons of the host                 both have said yes
  sign an agreement    the guest, contact persons of the host                 both have said yes
  cancel a stay        the guest, contact persons of the host                 it takes up its seat and is not over
  evaluate             the guest, contact persons of the host                 its last day has come
  run the matching     editors                                                –
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from editorial.choices import State
from places.models import Workplace
from places.permissions import employers_of, is_public_employee, speaks_for, workplaces_of
from practicum.choices import SEATED, SENT_APPLICATIONS, ApplicationState, Side, StayState
from practicum.models import EDITABLE, Application, DirectRequest, Offer, Round, Stay

Anyone = User | AnonymousUser
ACCEPTED = (StayState.AGREED, StayState.DONE)
"""States of a stay that both have said yes to."""


def is_editor(user: Anyone) -> bool:
    """Staff that look after Innovationspraktik."""
    return user.is_active and user.is_staff and user.has_perm("practicum.change_offer")


# -- places -----------------------------------------------------------------


def is_host(user: Anyone, offer: Offer) -> bool:
    """Whether the user speaks for the workplace that offers the place."""
    return offer.owner is not None and speaks_for(user, offer.owner)


def can_view_offer(user: Anyone, offer: Offer) -> bool:
    """Everybody, what is public; its host, its author and editors also what is not."""
    if offer.is_public:
        return True
    own = user.is_authenticated and offer.author_id == user.pk
    return own or is_host(user, offer) or is_editor(user)


def can_offer(user: Anyone, workplace: Workplace) -> bool:
    """Contact persons of a workplace that has not closed."""
    return workplace.closed_on is None and speaks_for(user, workplace)


def can_edit_offer(user: Anyone, offer: Offer) -> bool:
    """The host's contact persons."""
    return is_host(user, offer)


# -- applications -----------------------------------------------------------


def can_apply(user: Anyone, offer: Offer) -> bool:
    """Public employees, who don't work at the host, while the place is offered: one in the archive is only read."""
    if offer.state != State.PUBLISHED or offer.owner_id is None or not is_public_employee(user):
        return False
    return offer.owner is not None and not employers_of(user).filter(pk=offer.owner.pk).exists()


def is_guest(user: Anyone, application: Application) -> bool:
    """Whether it is the user's own application."""
    return user.is_authenticated and user.is_active and application.guest_id == user.pk


def can_view_application(user: Anyone, application: Application) -> bool:
    """The guest and editors; hosts of places it wishes for, once the guest's leader has said yes."""
    if is_guest(user, application) or is_editor(user):
        return True
    if application.state not in SENT_APPLICATIONS:
        return False
    wished = Offer.objects.filter(wishes__application=application).select_related("owner")
    asked = Offer.objects.filter(requests__application=application).select_related("owner")
    return any(is_host(user, offer) for offer in {*wished, *asked})


def can_edit_application(user: Anyone, application: Application) -> bool:
    """The guest, until they have a place, have taken it back, or the round has closed for applications."""
    if not (is_guest(user, application) and application.state in EDITABLE):
        return False
    rounds = Round.objects.open_for_applications()
    return application.round_id is None or rounds.filter(pk=application.round_id).exists()


def can_withdraw_application(user: Anyone, application: Application) -> bool:
    """The guest, until they have a place; also after the round has closed for applications."""
    return is_guest(user, application) and application.state in EDITABLE


def can_see_applications(user: Anyone, offer: Offer) -> bool:
    """The host's contact persons, and editors."""
    return is_host(user, offer) or is_editor(user)


def can_mark(user: Anyone, application: Application, offer: Offer) -> bool:
    """The host's contact persons, once the leader has said yes and until the guest has a place."""
    return application.state == ApplicationState.READY and is_host(user, offer)


def can_see_order(user: Anyone, application: Application) -> bool:
    """Who sees which place is wished for most: the guest and editors, never a host."""
    return is_guest(user, application) or is_editor(user)


def can_answer_request(user: Anyone, request: DirectRequest) -> bool:
    """The host's contact persons, once the guest's leader has said yes."""
    return request.application.state in SENT_APPLICATIONS and is_host(user, request.offer)


# -- wishes without a place ---------------------------------------------------


def can_wish(user: Anyone) -> bool:
    """Public employees say what they would like to see."""
    return is_public_employee(user)


def can_answer_wishes(user: Anyone) -> bool:
    """Contact persons of any workplace that is open, and editors: they see what is wished for, never by whom."""
    return is_editor(user) or workplaces_of(user).filter(closed_on__isnull=True).exists()


def can_invite_hosts(user: Anyone) -> bool:
    """Editors write to workplaces."""
    return is_editor(user)


# -- stays ------------------------------------------------------------------


def sides_of(user: Anyone, stay: Stay) -> list[Side]:
    """The sides of a stay that the user is on: none, one, or (rarely) both."""
    if not (user.is_authenticated and user.is_active):
        return []
    sides = [Side.GUEST] if stay.guest_id == user.pk else []
    if is_host(user, stay.offer):
        sides.append(Side.HOST)
    return sides


def can_view_stay(user: Anyone, stay: Stay) -> bool:
    """The two, and editors."""
    return bool(sides_of(user, stay)) or is_editor(user)


def can_see_contacts(user: Anyone, stay: Stay) -> bool:
    """The two, once both have said yes."""
    return stay.state in ACCEPTED and bool(sides_of(user, stay))


def can_sign(user: Anyone, stay: Stay) -> bool:
    """The two, while the stay lies ahead or goes on."""
    return stay.state == StayState.AGREED and bool(sides_of(user, stay))


def can_cancel(user: Anyone, stay: Stay) -> bool:
    """The two, until it is over."""
    return stay.state in SEATED and stay.state != StayState.DONE and bool(sides_of(user, stay))


def can_evaluate(user: Anyone, stay: Stay) -> bool:
    """The two, when it is over."""
    return stay.state == StayState.DONE and bool(sides_of(user, stay))


def can_match(user: Anyone) -> bool:
    """Editors run the matching."""
    return is_editor(user)
