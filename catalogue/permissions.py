"""Who may do what with entries. Invisible is 404; visible but forbidden is 403."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from editorial.models import Content


def can_view(user: User | AnonymousUser, content: Content) -> bool:
    """Anyone reads what is public; staff who may edit, and the author, read it before."""
    if content.is_public:
        return True
    return can_edit(user, content) or (user.is_authenticated and content.author_id == user.pk)


def can_edit(user: User | AnonymousUser, content: Content) -> bool:
    """Staff with the right to change entries."""
    return user.is_active and user.is_staff and user.has_perm("catalogue.change_entry")
