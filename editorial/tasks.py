"""Jobs of the worker: search documents in bulk, what a new day brings, and the yearly checks."""

from procrastinate.contrib.django import app

from editorial import actions, memberships
from editorial.confirming import actions as confirming
from places.memberships import forget_vouches


@app.task(queue="default", pass_context=False)
def reindex_later(ids: list[int]) -> None:
    """Write the search documents of these content rows anew. Safe to run twice."""
    for start in range(0, len(ids), actions.AT_ONCE):
        actions.reindex_content(ids=ids[start : start + actions.AT_ONCE])


@app.periodic(cron="7 0,1,2,6,12 * * *", periodic_id="follow_the_day")
@app.task(queue="default", queueing_lock="follow_the_day", pass_context=False)
def follow_the_day(timestamp: int) -> None:
    """Let workplaces bear the name, sector and parent of today; cron is in UTC, so look more than once a night."""
    actions.follow_the_day()


@app.periodic(cron="41 5 * * *", periodic_id="check_contact_persons")
@app.task(queue="default", queueing_lock="check_contact_persons", pass_context=False)
def check_contact_persons(timestamp: int) -> None:
    """Ask contact persons once a year whether they still are, pause those who do not answer, and drop old links."""
    memberships.check_yearly()
    forget_vouches()


@app.periodic(cron="17 4 * * *", periodic_id="ask_whether_right")
@app.task(
    name="editorial.ask_whether_right", queue="default", queueing_lock="ask_whether_right", pass_context=False
)
def ask_whether_right(timestamp: int) -> None:
    """Ask workplaces once a year whether what stands about them is still right, and mark what nobody answered."""
    confirming.mark_unanswered()
    confirming.ask_about_old()
