"""A form that is sent twice gives one row: double click, back button, lost connection, two tabs.

The form carries a random token. The view, in the transaction that writes:

    with transaction.atomic():
        token, scope = form.cleaned_data["once"], f"proposal:{request.user.key}"
        if (address := once.first(token, scope)) is not None:
            return once.again(request, address)
        entry = propose(…)
        once.done(token, scope, entry.get_absolute_url())
    return redirect(entry)

The token's row is inserted first, so a second request with the same token waits at the unique index until the first
has committed, and is then sent to its result. Is the first rolled back or killed, then nothing of it is stored, the
token neither, and the second goes on as the first.
"""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

KEPT_DAYS = 7


class OnceField(forms.Field):
    """The hidden token. What is missing or broken is replaced: a form is never refused because of it."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid.uuid4, label="")

    def clean(self, value: Any) -> str:
        """The token as text."""
        try:
            return str(uuid.UUID(str(value)))
        except ValueError:
            return str(uuid.uuid4())

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Never: the token is not something a person has written."""
        return False


class OnceMixin(forms.Form):
    """For forms: adds the hidden field `once`; draw it with `{{ form.once }}`."""

    once = OnceField()


class Once:
    """The same as the functions, bound to one form and scope."""

    def __init__(self, token: str | uuid.UUID, scope: str) -> None:
        self.token, self.scope = token, scope

    def first(self) -> str | None:
        """See `first`."""
        return first(self.token, self.scope)

    def done(self, url: str) -> None:
        """See `done`."""
        done(self.token, self.scope, url)


def first(token: str | uuid.UUID, scope: str) -> str | None:
    """None the first time; afterwards the address that `done` was given (empty if it was not called).

    Waits for another request with the same token that is under way. `scope` says which form it is, and whose
    (`User.key`), so that nobody is sent to another's result. Raises TransactionManagementError outside a transaction.
    """
    _within_transaction()
    key = _key(token, scope)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO guards_receival (key, url) VALUES (%s, '') ON CONFLICT (key) DO NOTHING RETURNING 1",
            [key],
        )
        if cursor.fetchone():
            return None
        cursor.execute("SELECT url FROM guards_receival WHERE key = %s", [key])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def done(token: str | uuid.UUID, scope: str, url: str) -> None:
    """Keep where the result is, in the transaction that made it."""
    _within_transaction()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE guards_receival SET url = %s WHERE key = %s", [url, _key(token, scope)])


def again(request: HttpRequest, url: str, *, otherwise: str = "/") -> HttpResponseRedirect:
    """Send somebody on who sent a form again, and say so: what they may have changed since was not stored."""
    messages.info(
        request,
        _(
            "Vi havde allerede modtaget det, du sendte, så det er gemt én gang. Har du rettet noget, så ret det her."
        ),
    )
    return HttpResponseRedirect(url or otherwise)


def purge() -> int:
    """Delete what is older than seven days; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM guards_receival WHERE at < statement_timestamp() - make_interval(days => %s)",
            [KEPT_DAYS],
        )
        return int(cursor.rowcount)


def _within_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "guards.once needs the transaction that writes the result."
        )


def _key(token: str | uuid.UUID, scope: str) -> str:
    return salted_hmac("guards.once", f"{scope}\x00{token}", algorithm="sha256").hexdigest()
