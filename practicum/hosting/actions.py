"""What hosts do with applications to their places."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.models.querysets import TransitionError
from practicum.models import Application, HostMark, Offer
from practicum.permissions import can_mark


@transaction.atomic
def mark(*, offer: Offer, application: Application, mark: int, note: str, by: User) -> HostMark:
    """Note how well an application fits; the last one counts. Raises TransitionError when it is too late."""
    row = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not can_mark(by, row, offer) or not row.wishes.filter(offer=offer).exists():
        raise TransitionError(
            _("Ansøgningen kan ikke vurderes mere: den er trukket tilbage, eller gæsten har en plads.")
        )
    found, _made = HostMark.objects.update_or_create(
        offer=offer, application=row, defaults={"mark": mark, "note": note}
    )
    return found
