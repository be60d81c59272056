"""What Innovationspraktik shows on somebody's own page."""

from __future__ import annotations

from accounts.models import User
from editorial.handlers import Panel
from practicum.applying.mine import my_panels as applying_panels
from practicum.running.mine import my_panels as running_panels
from practicum.staying.mine import my_panels as staying_panels


def my_panels(user: User) -> list[Panel]:
    """The panels that have something to say, the next step first."""
    return [*staying_panels(user), *applying_panels(user), *running_panels(user)]
