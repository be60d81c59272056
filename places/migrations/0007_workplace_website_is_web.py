from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """A workplace's website is a web address, also by plain SQL: pages make it a link."""

    dependencies = [("places", "0006_history_of_links")]

    operations = [
        migrations.AddConstraint(
            model_name="workplace",
            constraint=models.CheckConstraint(
                condition=Q(website="")
                | Q(website__istartswith="https://")
                | Q(website__istartswith="http://"),
                name="workplace_website_is_web",
                violation_error_message="Hjemmesiden skal begynde med https:// eller http://.",
            ),
        ),
    ]
