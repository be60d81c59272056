"""Who may do what in the innovation landscape. Invisible is 404; visible but forbidden is 403."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from mapping.models import Project, Unit


def can_view(user: User | AnonymousUser, content: Project | Unit) -> bool:
    """Anyone reads what is public; staff who may edit, and the author, read it before."""
    if content.is_public:
        return True
    return can_edit(user, content) or (user.is_authenticated and content.author_id == user.pk)


def can_edit(user: User | AnonymousUser, content: Project | Unit) -> bool:
    """Staff with the right to change projects, or units."""
    return user.is_active and user.is_staff and user.has_perm(f"mapping.change_{content._meta.model_name}")
