"""Jobs of the worker: mail that waits, digests, and what is kept no longer than needed."""

from __future__ import annotations

import uuid

from django.utils import timezone
from procrastinate.contrib.django import app

from notices import delivery, digests, keeping
from notices.outbox import SEND_MAIL, SEND_NOTICE, Patiently


@app.task(name=SEND_NOTICE, retry=Patiently(), pass_context=False)
def send_notice(key: str) -> None:
    """Mail one notice. Safe to run twice."""
    delivery.send_notice(uuid.UUID(key))


@app.task(name=SEND_MAIL, retry=Patiently(), pass_context=False)
def send_mail(key: str) -> None:
    """Send one queued mail. Safe to run twice."""
    delivery.send_mail(uuid.UUID(key))


@app.periodic(cron="* * * * *", periodic_id="take_up_mail")
@app.task(name="notices.take_up_mail", queueing_lock="take_up_mail", pass_context=False)
async def take_up_mail(timestamp: int) -> None:
    """Give mail whose worker was killed to the one that lives."""
    for task in (SEND_NOTICE, SEND_MAIL):
        for job in await app.job_manager.get_stalled_jobs(task_name=task):
            await app.job_manager.retry_job(job)


@app.periodic(cron="0 * * * *", periodic_id="send_digests")
@app.task(name="notices.send_digests", queueing_lock="send_digests", pass_context=False)
def send_digests(timestamp: int) -> None:
    """Queue the digests that are due: at 7 in Denmark, or as soon after as the worker is there."""
    digests.send_due(timezone.now())


@app.periodic(cron="51 3 * * *", periodic_id="purge_notices")
@app.task(name="notices.purge", queueing_lock="purge_notices", pass_context=False)
def purge(timestamp: int) -> None:
    """Delete what has been kept long enough."""
    keeping.purge()
