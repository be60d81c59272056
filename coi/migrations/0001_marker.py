"""What was done once in this database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Marker",
            fields=[
                ("name", models.SlugField(primary_key=True, serialize=False, verbose_name="navn")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="hvornår")),
            ],
            options={"verbose_name": "mærke", "verbose_name_plural": "mærker"},
        ),
    ]
