"""Documents that are there get their words, from their own texts."""

from django.db import migrations, transaction

from search.index import FIELDS, read_texts

PORTION = 500


def weigh_words(apps, schema_editor):
    Document = apps.get_model("search", "Document")
    last = 0
    while True:
        with transaction.atomic():
            rows = list(
                Document.objects.filter(pk__gt=last, words="").only("pk", *FIELDS).order_by("pk")[:PORTION]
            )
            for row in rows:
                read = read_texts({name: getattr(row, name) for name in FIELDS})
                row.words, row.weights, row.plain = " ".join(read.weights), list(read.weights.values()), read.plain
            Document.objects.bulk_update(rows, ["words", "weights", "plain"])
        if not rows:
            return
        last = rows[-1].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("search", "0002_words_and_changes")]

    operations = [
        # Phrases are looked for in these texts, a hundred thousand at a time: not having to unpack them first saves a
        # quarter of it.
        migrations.RunSQL(
            "ALTER TABLE search_document ALTER COLUMN plain SET STORAGE EXTERNAL",
            "ALTER TABLE search_document ALTER COLUMN plain SET STORAGE EXTENDED",
        ),
        migrations.RunPython(weigh_words, migrations.RunPython.noop),
    ]
