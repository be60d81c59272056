"""Logs: request ids, JSON, and no personal data."""

import json
import logging
import sys
from ipaddress import ip_network

import pytest
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings

from coi.logs import Json, Readable, RequestLog


def record(name: str, message: str, *args: object, **extra: object) -> logging.LogRecord:
    """Make a record as a logger would."""
    made = logging.LogRecord(name, logging.WARNING, "file.py", 1, message, args, None)
    for key, value in extra.items():
        setattr(made, key, value)
    return made


def entry(made: logging.LogRecord) -> dict[str, object]:
    """Read the JSON line of a record."""
    line = Json().format(made)
    assert "\n" not in line
    return dict(json.loads(line))


def test_messages_of_others_come_without_what_was_filled_in() -> None:
    """Paths, addresses and names stand in the arguments."""
    assert entry(record("django.request", "Not Found: %s", "/kvittering/ABC/"))["event"] == "Not Found: %s"
    assert entry(record("django.security", "Invalid host: ida@example.org"))["event"] == "django.security"
    assert entry(record("coi.places", "%s municipalities", 98))["event"] == "98 municipalities"


def test_what_gunicorn_complains_of_comes_without_the_client() -> None:
    """It fills addresses in beforehand, and quotes what was asked for."""
    made = record("gunicorn.error", "Invalid request from ip=192.0.2.7: Invalid HTTP request line: '/?q=ida'")
    assert entry(made)["event"] == "Invalid request"
    made = record("gunicorn.error", "Error handling request %s %s", "GET", "/soeg/?q=ida")
    assert entry(made)["event"] == "Error handling request %s %s"


def test_an_address_cannot_write_lines_of_its_own_in_the_demo() -> None:
    """Nor steer the terminal of whoever looks at it."""
    path = "/\n12:00:00  GET /admin/ 200\x1b[31m\u2028é"
    made = record("coi.request", "request", method="GET", route="", status=404, ms=1, shown=path)
    shown = Readable().format(made)
    assert shown.isprintable()
    assert shown.endswith(r"/\n12:00:00  GET /admin/ 200\x1b[31m\u2028é 404  1 ms")
    assert Readable().format(record("coi.x", "a\nb %s", "\x1b")).isprintable()


def test_arguments_of_jobs_are_left_out() -> None:
    """A job's arguments are whatever it was given, such as an e-mail address."""
    job = {"id": 7, "task_name": "notices.send", "task_kwargs": {"to": "ida@example.org"}}
    shown = entry(
        record("procrastinate.worker", "Starting send(to='ida@example.org')", action="start_job", job=job)
    )
    assert shown["event"] == "start_job"
    assert (shown["job"], shown["task"]) == (7, "notices.send")
    assert "ida" not in json.dumps(shown)


def test_exceptions_are_described_without_their_message() -> None:
    """The database quotes the refused row in its message."""
    try:
        raise IntegrityError("Key (email)=(ida@example.org) already exists.")
    except IntegrityError:
        made = record("django.request", "Internal Server Error: %s", "/x/")
        made.exc_info = sys.exc_info()
    shown = entry(made)
    assert "ida" not in json.dumps(shown)
    assert isinstance(shown["error"], dict)
    assert shown["error"]["type"] == "IntegrityError"
    assert "test_logs.py" in shown["error"]["trace"][0]


def test_a_request_is_one_line_with_its_route(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """Neither query nor address is there."""
    with caplog.at_level(logging.INFO, logger="coi.request"):
        response = client.get("/robots.txt?q=ida@example.org")
    (made,) = [found for found in caplog.records if found.name == "coi.request"]
    shown = entry(made)
    assert shown["route"] == "robots"
    assert (shown["method"], shown["status"]) == ("GET", 200)
    assert "ida" not in json.dumps(shown)
    assert "127.0.0.1" not in json.dumps(shown)
    assert "GET /robots.txt 200" in Readable().format(made)
    assert len(response["X-Request-ID"]) == 16


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abcdef-123456", True), ("short", False), ("with blanks in it", False), ("x" * 65, False)],
)
def test_a_request_id_is_taken_over_when_well_formed(given: str, kept: bool) -> None:
    """Anything else would let strangers write into the log."""
    request = HttpRequest()
    request.META["HTTP_X_REQUEST_ID"] = given
    response = RequestLog(lambda _: HttpResponse())(request)
    assert (response["X-Request-ID"] == given) is kept


def test_a_request_id_of_a_stranger_is_not_taken_over(client: Client) -> None:
    """Only a trusted proxy may choose it."""
    assert (
        client.get("/healthz", headers={"X-Request-ID": "abcdef-123456"})["X-Request-ID"] != "abcdef-123456"
    )
    with override_settings(TRUSTED_PROXIES=[ip_network("127.0.0.1")]):
        answer = client.get("/healthz", headers={"X-Request-ID": "abcdef-123456"})
    assert answer["X-Request-ID"] == "abcdef-123456"
