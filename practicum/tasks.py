"""Jobs of the worker for Innovationspraktik. By the hour: cron is in UTC, and days are Danish."""

import uuid

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from practicum.approving import reminding as leaders
from practicum.offering import ending, seats
from practicum.offers import saving
from practicum.running import actions, public
from practicum.staying import reminding as stays


@app.periodic(cron="27 * * * *", periodic_id="look_after_stays")
@app.task(
    name="practicum.look_after_stays", queue="default", queueing_lock="look_after_stays", pass_context=False
)
def look_after_stays(timestamp: int) -> None:
    """Let seats go on, note what was held, remind. By the hour: cron is in UTC, days are Danish."""
    stays.look_after()


@app.periodic(cron="37 * * * *", periodic_id="tell_of_new_places")
@app.task(
    name="practicum.tell_of_new_places",
    queue="default",
    queueing_lock="tell_of_new_places",
    pass_context=False,
)
def tell_of_new_places(timestamp: int) -> None:
    """Tell those who have saved a search of new places."""
    saving.tell_of_new(timezone.now())


@app.periodic(cron="23 * * * *", periodic_id="remind_leaders")
@app.task(
    name="practicum.remind_leaders", queue="default", queueing_lock="remind_leaders", pass_context=False
)
def remind_leaders(timestamp: int) -> None:
    """Remind leaders who have not answered, and say where a link has expired."""
    leaders.look_after()


@app.periodic(cron="33 * * * *", periodic_id="move_seats_on")
@app.task(name="practicum.move_seats_on", queue="default", queueing_lock="move_seats_on", pass_context=False)
def move_seats_on(timestamp: int) -> None:
    """Move direct seats that nobody took to the round, on the day that it states."""
    seats.move_seats_on()


@app.periodic(cron="43 * * * *", periodic_id="archive_places")
@app.task(
    name="practicum.archive_places", queue="default", queueing_lock="archive_places", pass_context=False
)
def archive_places(timestamp: int) -> None:
    """Archive places whose days have passed."""
    ending.archive_what_is_over()


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
    """Keep the figures of rounds that are over."""
    public.keep_figures()
