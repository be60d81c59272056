"""Regions with their periods and the 98 municipalities, from places/data/ (see its README for the sources)."""

import json
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).parent.parent / "data"


def load(apps, schema_editor):
    region, municipality, membership = (
        apps.get_model("places", name) for name in ("Region", "Municipality", "MunicipalityRegion")
    )
    rows = json.loads((DATA / "regions.json").read_text(encoding="utf-8"))
    for row in rows:
        region.objects.create(**{k: row[k] for k in ("code", "name", "short_name", "valid_from", "valid_to")})
    for row in rows:
        if row["successor"]:
            region.objects.filter(code=row["code"]).update(successor_id=row["successor"])
    for row in json.loads((DATA / "municipalities.json").read_text(encoding="utf-8")):
        municipality.objects.create(
            **{k: row[k] for k in ("code", "name", "full_name", "seat", "lat", "lng")}
        )
        for member in row["regions"]:
            membership.objects.create(
                municipality_id=row["code"], region_id=member["region"],
                valid_from=member["valid_from"], valid_to=member["valid_to"],
            )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("places", "0002_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
