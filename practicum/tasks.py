"""Jobs of the worker for Innovationspraktik."""

from django.utils import timezone
from procrastinate.contrib.django import app

from practicum.offers import saving
from practicum.staying import reminding


@app.periodic(cron="27 * * * *", periodic_id="look_after_stays")
@app.task(
    name="practicum.look_after_stays", queue="default", queueing_lock="look_after_stays", pass_context=False
)
def look_after_stays(timestamp: int) -> None:
    """Let seats go on, note what was held, remind. By the hour: cron is in UTC, days are Danish."""
    reminding.look_after()


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
