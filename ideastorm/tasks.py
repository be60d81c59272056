"""Jobs of the worker: what happens when the answers of a storm are late."""

from procrastinate.contrib.django import app

from ideastorm.answering import late


@app.periodic(cron="17 * * * *", periodic_id="look_after_storms")
@app.task(name="ideastorm.look_after", queue="default", queueing_lock="look_after_storms", pass_context=False)
def look_after(timestamp: int) -> None:
    """Say who is late, and close what has been late for too long. By the hour: cron is in UTC, days are Danish."""
    late.look_after()
