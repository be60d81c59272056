"""What all tests share: the web role, a clock that can be set, a browser where there is one."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import TransactionTestCase

from coi import roles
from search import mirror

# The first is Chromium without windows, which needs two thirds of the processor's time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find_browser() -> str | None:
    """Return the path of a chromium, from CHROMIUM or among the programs of the machine."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to go on without a browser when REQUIRE_BROWSER=1; start on what all workers will need."""
    if os.environ.get("REQUIRE_BROWSER") == "1" and not find_browser():
        raise pytest.UsageError("REQUIRE_BROWSER=1, but there is no chromium on this machine.")
    if is_first(config) and config.getoption("numprocesses", None) and not config.option.collectonly:
        from tests import template

        template.begin()


def is_first(config: pytest.Config) -> bool:
    """Tell whether this is the process that was started, and not one of xdist's workers."""
    return not hasattr(config, "workerinput")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End what all workers shared, when they have ended."""
    if is_first(session.config):
        from tests import template
        from tests.browser import portal

        portal.leave()
        template.end()


def find_java() -> str | None:
    """Return the path of java, which the HTML validator runs on."""
    return shutil.which("java")


# What a test can need of the machine: how to find it, and what to say when it is not there.
NEEDS: dict[str, tuple[Callable[[], str | None], str]] = {
    "browser": (find_browser, "Der er ingen chromium på maskinen, så browsertestene er ikke kørt."),
    "java": (find_java, "Der er ingen java på maskinen, så HTML er ikke efterset med vnu."),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that need what the machine has not; refuse to when REQUIRE_BROWSER=1."""
    for need, (find, sentence) in NEEDS.items():
        asking = [item for item in items if item.get_closest_marker(need)]
        if not asking or find():
            continue
        if os.environ.get("REQUIRE_BROWSER") == "1":
            raise pytest.UsageError(f"REQUIRE_BROWSER=1: {sentence}")
        config.hook.pytest_deselected(items=asking)
        items[:] = [item for item in items if item not in asking]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the portal for the browser where a test will ask for it. Let the collector of cycles leave alone what is
    there now, and come seldom.
    """
    if not session.config.option.collectonly and any(
        "portal" in getattr(item, "fixturenames", ()) for item in session.items
    ):
        from tests.browser import portal

        portal.begin()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what was left out, also when workers ran the tests."""
    if config.option.markexpr != "not drill":
        return
    for find, sentence in NEEDS.values():
        if not find():
            terminalreporter.write_line(sentence)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """Give this process a copy of the migrated database, and after each test that commits, put that right again.

    Instead of pytest-django's own, which runs all migrations in each process, empties all tables after such a test
    and reads their rows from JSON before the next.
    """
    from tests import template

    name = connection.creation._get_test_db_name()
    before = connection.settings_dict["NAME"]
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        template.copy(name)
        template.use(name)
        # Rights on a database are not copied with it.
        roles.apply_grants(connection)
        kept = template.Kept()

        def put_right(case: TransactionTestCase) -> None:
            kept.restore()
            # No trigger has told the mirror.
            mirror.forget()

        patch.setattr(TransactionTestCase, "_fixture_teardown", put_right)
        yield
        template.use(before)
        template.drop(name)


@pytest.fixture
def as_web_role(db: None) -> Callable[[], AbstractContextManager[None]]:
    """Return a context manager in which the database sees the web role instead of the owner.

    Expect a refusal within a transaction.atomic() of its own, so that the test's transaction lives on:

        with as_web_role(), pytest.raises(ProgrammingError), transaction.atomic():
            Decision.objects.update(reason="")
    """

    @contextmanager
    def act() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {connection.ops.quote_name(settings.WEB_ROLE)}")
            try:
                yield
            finally:
                cursor.execute("RESET ROLE")

    return act


@pytest.fixture
def coi_clock(db: None) -> Iterator[Callable[[datetime], None]]:
    """Return a function that sets what SQL's coi_now() answers; it goes by itself again after the test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('coi_now'::regproc)")
        before = cursor.fetchone()[0]

    def set_clock(moment: datetime) -> None:
        assert moment.tzinfo, "the clock needs a time zone"
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION coi_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE"
                f" AS $$ SELECT timestamptz '{moment.isoformat()}' $$"
            )

    yield set_clock
    with connection.cursor() as cursor:
        cursor.execute(before)


@pytest.fixture
def deliver(db: None) -> Callable[[], list[EmailMessage]]:
    """Return a function that does what the worker would do with waiting mail, and returns what was sent by it.

    Notices that wait for a digest stay; errors of the mail server are raised, as to the worker.
    """
    from notices import delivery
    from notices.models import Notice, OutgoingMail

    def now() -> list[EmailMessage]:
        before = len(mail.outbox)
        for key in list(Notice.objects.due_at_once().order_by("pk").values_list("uuid", flat=True)):
            delivery.send_notice(key)
        for key in list(
            OutgoingMail.objects.filter(failed=False).order_by("pk").values_list("uuid", flat=True)
        ):
            delivery.send_mail(key)
        return list(mail.outbox[before:])

    return now
