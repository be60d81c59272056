"""Jobs of the worker for Innovationspraktik."""

from __future__ import annotations

import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from practicum.running import actions, answers, public


@app.task(name="practicum.run_matching", retry=RetryStrategy(max_attempts=3, wait=20), pass_context=False)
def run_matching(key: str) -> None:
    """Work out a run of the matching. Safe to run twice, also at the same time."""
    actions.work(uuid.UUID(key))


@app.periodic(cron="* * * * *", periodic_id="take_up_matching")
@app.task(name="practicum.take_up_matching", queueing_lock="take_up_matching", pass_context=False)
async def take_up_matching(timestamp: int) -> None:
    """Give runs whose worker was killed to the one that lives."""
    for job in await app.job_manager.get_stalled_jobs(task_name="practicum.run_matching"):
        await app.job_manager.retry_job(job)


@app.periodic(cron="37 * * * *", periodic_id="look_after_rounds")
@app.task(name="practicum.look_after_rounds", queueing_lock="look_after_rounds", pass_context=False)
def look_after_rounds(timestamp: int) -> None:
    """Let go of seats that were not confirmed in time, and keep the figures of rounds that are over. By the hour: cron
    is in UTC, days are Danish."""
    answers.expire_late()
    public.keep_figures()
