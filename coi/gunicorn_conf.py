"""How gunicorn serves the portal, in the demo and in production (`gunicorn -c coi/gunicorn_conf.py
coi.wsgi`).
"""

import os
from typing import Any

import gunicorn.http.message

from coi.logs import configuration

_demo = os.environ.get("DEMO") == "1"

bind = os.environ.get("BIND", "127.0.0.1:8000")
# Threads wait for the database side by side; each worker has a pool of as many connections.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 8
preload_app = True
timeout = 30
graceful_timeout = 10
keepalive = 5
# A fresh process now and then keeps a slow leak from growing.
max_requests = 0 if _demo else 5000
max_requests_jitter = 500
# Heartbeats are files: in memory where there is such a folder.
_memory = "/dev/shm"  # noqa: S108
worker_tmp_dir = _memory if os.access(_memory, os.W_OK) else None
control_socket_disable = True
# Whatever somebody pastes into a search field is a search, so addresses may be longer than gunicorn's own limit of
# 8 kB: 10,000 characters take up to 90 kB when each is written as %F0%9F%92%A1. nginx bounds them in production.
gunicorn.http.message.MAX_REQUEST_LINE = limit_request_line = 128 * 1024
# The portal itself decides which proxies it believes (TRUSTED_PROXIES).
forwarded_allow_ips = ""
logconfig_dict = configuration(readable=_demo)


def post_worker_init(worker: Any) -> None:
    """Read what search knows before the first visitor comes; a worker that cannot does it when one has come."""
    from django.db import DatabaseError, connection

    from search import mirror

    try:
        mirror.warm(worker.notify)
    except DatabaseError:
        worker.log.warning("Search is read at the first visit: the database did not answer.")
    finally:
        connection.close()
