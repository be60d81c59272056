"""Jobs of the worker for Innovationspraktik."""

from django.utils import timezone
from procrastinate.contrib.django import app

from practicum.offers import saving


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
