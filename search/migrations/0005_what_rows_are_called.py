"""What a row is called on the map stands in its document; what has changed is asked by a function with a kept plan."""

from django.db import migrations, models

# STABLE: everything in it sees the snapshot of the query that calls it. PL/pgSQL keeps the plans for a connection; the
# range is closed at both ends, so that a plan for any snapshot expects few rows and uses the index.
CHANGES = """
CREATE OR REPLACE FUNCTION search_changes(since pg_snapshot,
    OUT now text, OUT writes boolean, OUT changed_rows bigint[], OUT removed_rows bigint[])
LANGUAGE plpgsql STABLE AS $$
DECLARE
    present pg_snapshot := pg_current_snapshot();
    own xid8 := pg_current_xact_id_if_assigned();
    least xid8 := pg_snapshot_xmin(since);
    most xid8 := greatest(pg_snapshot_xmax(present), own);
BEGIN
    now := present::text;
    writes := own IS NOT NULL;
    changed_rows := ARRAY(SELECT d.id FROM search_document d WHERE d.changed >= least AND d.changed <= most
        AND NOT pg_visible_in_snapshot(d.changed, since) AND (d.changed < pg_snapshot_xmax(present) OR d.changed = own)
        ORDER BY d.id);
    removed_rows := ARRAY(SELECT r.document FROM search_removed r WHERE r.changed >= least AND r.changed <= most
        AND NOT pg_visible_in_snapshot(r.changed, since) AND (r.changed < pg_snapshot_xmax(present) OR r.changed = own));
END $$;
COMMENT ON FUNCTION search_changes(pg_snapshot) IS
    'What has happened to the search documents that a snapshot did not see. See search/mirror.py.';
"""

# What stands in the documents already.
NAMES = """
UPDATE search_document d SET slug = coalesce(c.slug, ''), closed_year = u.closed_year,
    owner = coalesce((SELECT p.name FROM places_workplaceperiod p WHERE p.workplace_id = c.owner_id
            AND (p.valid_from IS NULL OR p.valid_from <= make_date(coalesce(c.source_year, c.year_from), 12, 31))
            AND (p.valid_to IS NULL OR make_date(coalesce(c.source_year, c.year_from), 12, 31) < p.valid_to)
        ORDER BY p.valid_from NULLS FIRST LIMIT 1), w.name, '')
    FROM editorial_content c LEFT JOIN places_workplace w ON w.id = c.owner_id
        LEFT JOIN mapping_unit u ON u.content_ptr_id = c.id
    WHERE d.content_id = c.id;
UPDATE search_document d SET slug = w.slug, owner = coalesce(p.name, ''), closed_year = extract(year FROM w.closed_on)
    FROM places_workplace w LEFT JOIN places_workplace p ON p.id = w.parent_id
    WHERE d.workplace_id = w.id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0001_projects_and_units"),
        ("places", "0011_stamp_of_areas"),
        ("search", "0004_where_and_what_is_the_same"),
    ]

    operations = [
        migrations.RunSQL(CHANGES, "DROP FUNCTION IF EXISTS search_changes(pg_snapshot)"),
        migrations.AddField(
            model_name="document",
            name="slug",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="adresse"),
        ),
        migrations.AddField(
            model_name="document",
            name="owner",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="arbejdsplads",
                help_text="Under det navn, den havde dengang; for en arbejdsplads den, den hører under.",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="closed_year",
            field=models.SmallIntegerField(null=True, verbose_name="lukket"),
        ),
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
    ]
