"""Jobs of the worker: what happens when the answers of a storm are late, and what followers are told."""

from django.utils import timezone
from procrastinate.contrib.django import app

from ideastorm.answering import late
from ideastorm.following import telling


@app.periodic(cron="17 * * * *", periodic_id="look_after_storms")
@app.task(name="ideastorm.look_after", queue="default", queueing_lock="look_after_storms", pass_context=False)
def look_after(timestamp: int) -> None:
    """Say who is late, and close what has been late for too long. By the hour: cron is in UTC, days are Danish."""
    late.look_after()


@app.periodic(cron="47 * * * *", periodic_id="tell_followers")
@app.task(
    name="ideastorm.tell_followers", queue="default", queueing_lock="tell_followers", pass_context=False
)
def tell_followers(timestamp: int) -> None:
    """Tell those who follow a storm or an idea of what is new."""
    telling.tell_followers(timezone.now())
