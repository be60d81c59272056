"""Jobs of the worker: large imports and clearing up after them, and late questions."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import F
from django.db.models.functions import Now
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from catalogue.asking import actions as asking
from catalogue.exchange import runs
from catalogue.models import ImportRun

KEPT = dt.timedelta(days=30)


@app.task(name="catalogue.run_import", retry=RetryStrategy(max_attempts=3, wait=20), pass_context=False)
def run_import(key: str) -> None:
    """Read a file through, or import it. Safe to run twice, also at the same time."""
    runs.work(uuid.UUID(key))


@app.periodic(cron="* * * * *", periodic_id="take_up_imports")
@app.task(name="catalogue.take_up_imports", queueing_lock="take_up_imports", pass_context=False)
async def take_up_imports(timestamp: int) -> None:
    """Give imports whose worker was killed to the one that lives."""
    for job in await app.job_manager.get_stalled_jobs(task_name="catalogue.run_import"):
        await app.job_manager.retry_job(job)


@app.periodic(cron="41 2 * * *", periodic_id="delete_old_imports")
@app.task(name="catalogue.delete_old_imports", queueing_lock="delete_old_imports", pass_context=False)
def delete_old_imports(timestamp: int) -> None:
    """Delete imports, with their files and reports, after 30 days."""
    ImportRun.objects.annotate(age=Now() - F("created_at")).filter(age__gt=KEPT).delete()


@app.periodic(cron="7 4 * * *", periodic_id="pass_on_questions")
@app.task(name="catalogue.pass_on_questions", queueing_lock="pass_on_questions", pass_context=False)
def pass_on_questions(timestamp: int) -> None:
    """Give questions that nobody answered in ten working days to the next contact person, then to the editors."""
    asking.pass_on_the_late()
