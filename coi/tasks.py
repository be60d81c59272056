"""Housekeeping jobs of the whole site: what nobody needs any more goes by itself."""

from django.contrib.sessions.backends.db import SessionStore
from django.core.files.storage import default_storage
from procrastinate import JobContext, builtin_tasks
from procrastinate.contrib.django import app

from coi.personal_data import retention
from editorial import reading
from editorial.pictures import names_in_use
from guards import once, ratelimits
from guards.pictures import orphans


@app.periodic(cron="11 3 * * *", periodic_id="clear_sessions")
@app.task(queueing_lock="clear_sessions", pass_context=False)
def clear_sessions(timestamp: int) -> None:
    """Delete sessions that have run out."""
    SessionStore.clear_expired()


@app.periodic(cron="21 3 * * *", periodic_id="remove_old_jobs")
@app.task(queueing_lock="remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Delete jobs that succeeded more than three days ago; failed ones stay to be looked at."""
    await builtin_tasks.remove_old_jobs(context, max_hours=72, remove_failed=False)


@app.periodic(cron="41 3 * * *", periodic_id="apply_retention")
@app.task(queueing_lock="apply_retention", pass_context=False)
def apply_retention(timestamp: int) -> None:
    """Delete what has been kept as long as the register says; warn before accounts and drafts go."""
    retention.apply()


@app.periodic(cron="31 3 * * *", periodic_id="delete_orphaned_pictures")
@app.task(queueing_lock="delete_orphaned_pictures", pass_context=False)
def delete_orphaned_pictures(timestamp: int) -> None:
    """Delete stored pictures, a day old or more, that no row uses and no open change proposes."""
    for name in list(orphans(names_in_use())):
        default_storage.delete(name)


@app.periodic(cron="7 * * * *", periodic_id="forget_attempts")
@app.task(queueing_lock="forget_attempts", pass_context=False)
def forget_attempts(timestamp: int) -> None:
    """Delete what the rate limits have counted and need no more."""
    ratelimits.purge()


@app.periodic(cron="41 3 * * *", periodic_id="forget_received_forms")
@app.task(queueing_lock="forget_received_forms", pass_context=False)
def forget_received_forms(timestamp: int) -> None:
    """Delete the tokens of forms that were received more than seven days ago."""
    once.purge()


@app.periodic(cron="51 3 * * *", periodic_id="forget_old_readings")
@app.task(queueing_lock="forget_old_readings", pass_context=False)
def forget_old_readings(timestamp: int) -> None:
    """Delete totals of what was read and sought more than 13 months ago."""
    reading.forget_old()
