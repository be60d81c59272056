"""How the web server takes addresses."""

import pytest
from gunicorn.config import Config
from gunicorn.http import RequestParser
from gunicorn.http.errors import LimitRequestLine

from coi import gunicorn_conf


def asked(length: int) -> str:
    """What the server reads of an address with a query of this length."""
    config = Config()
    config.set("limit_request_line", gunicorn_conf.limit_request_line)
    line = b"GET /soeg/?q=" + b"a" * length + b" HTTP/1.1\r\nHost: portal.example\r\n\r\n"
    return str(next(RequestParser(config, [line], ("127.0.0.1", 1))).query)


def test_long_queries_arrive_whole() -> None:
    """10,000 characters of four bytes, each written as %F0%9F%92%A1."""
    assert len(asked(120_000)) == 120_002


def test_there_is_an_end() -> None:
    """More than that is no query but an attack."""
    with pytest.raises(LimitRequestLine):
        asked(140_000)
