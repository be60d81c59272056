"""Who may do what in the innovation landscape. Invisible is 404; visible but forbidden is 403."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from mapping.models import Project, Unit
from places.models import Role, Workplace
from places.permissions import has_role, speaks_for


def can_view(user: User | AnonymousUser, content: Project | Unit) -> bool:
    """Anyone reads what is public; staff who may edit, and the author, read it before."""
    if content.is_public:
        return True
    return can_edit(user, content) or (user.is_authenticated and content.author_id == user.pk)


def can_edit(user: User | AnonymousUser, content: Project | Unit) -> bool:
    """Staff with the right to change projects, or units."""
    return user.is_active and user.is_staff and user.has_perm(f"mapping.change_{content._meta.model_name}")


def can_see_own(user: User | AnonymousUser, workplace: Workplace) -> bool:
    """What is read, sought and missing: those who speak for the workplace, and the editors."""
    if not (user.is_authenticated and user.is_active):
        return False
    return (user.is_staff and user.has_perm("places.view_workplace")) or speaks_for(user, workplace)


def can_claim(user: User | AnonymousUser, workplace: Workplace) -> bool:
    """Whether the page offers to become its contact person: anyone may ask who has no role there, while it exists."""
    if workplace.closed_on:
        return False
    return not (user.is_authenticated and (user.is_staff or has_role(user, workplace, *Role.values)))


def can_correct_workplace(user: User | AnonymousUser, workplace: Workplace) -> bool:
    """Who speaks for it proposes corrections; the editors correct in admin."""
    return user.is_authenticated and user.is_active and speaks_for(user, workplace)
