"""Jobs of the worker for Innovationspraktik."""

from procrastinate.contrib.django import app

from practicum.staying import reminding


@app.periodic(cron="27 * * * *", periodic_id="look_after_stays")
@app.task(
    name="practicum.look_after_stays", queue="default", queueing_lock="look_after_stays", pass_context=False
)
def look_after_stays(timestamp: int) -> None:
    """Let seats go on, note what was held, remind. By the hour: cron is in UTC, days are Danish."""
    reminding.look_after()
