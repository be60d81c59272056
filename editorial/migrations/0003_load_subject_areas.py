"""The 20 subject areas, from editorial/data/subject_areas.toml. Staff may add to them and rename them."""

import tomllib
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).parent.parent / "data" / "subject_areas.toml"


def load(apps, schema_editor):
    subject_area = apps.get_model("editorial", "SubjectArea")
    for row in tomllib.loads(DATA.read_text(encoding="utf-8"))["subject_area"]:
        subject_area.objects.create(
            slug=row["slug"], name=row["name"], position=row["order"], description=row.get("description", "")
        )


class Migration(migrations.Migration):
    dependencies = [("editorial", "0002_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
