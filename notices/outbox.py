"""A job and the row it sends are written in one transaction, so neither is ever without the other."""

from __future__ import annotations

import datetime as dt

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

WAITS = (60, 300, 1_800, 7_200, 21_600, 43_200, 86_400)
"""Seconds to wait after each failed attempt: eight attempts in two days."""
SEND_NOTICE, SEND_MAIL = "notices.send_notice", "notices.send_mail"
"""The names of the tasks in notices.tasks."""
ATTEMPTS = len(WAITS) + 1


class Patiently(BaseRetryStrategy):
    """Try again after longer and longer waits, then give up."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None after the last attempt."""
        if job.attempts >= len(WAITS):
            return None
        wait = dt.timedelta(seconds=WAITS[job.attempts])
        return RetryDecision(retry_at=dt.datetime.now(dt.UTC) + wait)


def defer(task: str, *, key: str, priority: int = 0) -> None:
    """Hand a job (the name of its task) to the worker, in the transaction that Django's connection is in.

    The worker's own app has a connection of its own, which would write the job outside the transaction; hence always
    Django's here, also in a job that defers another.
    """
    deferrer = app.configure_task(task, allow_unknown=False, priority=priority)
    deferrer.job_manager = JobManager(DjangoConnector())
    deferrer.defer(key=key)
