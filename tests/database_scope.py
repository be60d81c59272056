"""Rows that all tests of a module share: made once, in a transaction around them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def shared_rows(blocker: Any) -> Iterator[None]:
    """Within it the database may be used; afterwards everything is undone. For module-scoped fixtures."""
    with blocker.unblock(), transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)
