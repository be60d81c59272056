"""Whether a region, a municipality or the day has changed: asked at nearly every page, so by a function with a kept plan."""

from django.db import migrations

# The number of rows, and the sum of the transactions that wrote them: every change brings another transaction in.
STAMP = """
CREATE OR REPLACE FUNCTION places_stamp() RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT concat_ws(' ', coi_today(), count(*), sum(version)) FROM (
        SELECT xmin::text::float8 FROM places_region
        UNION ALL SELECT xmin::text::float8 FROM places_municipality
        UNION ALL SELECT xmin::text::float8 FROM places_municipalityregion) AS rows(version));
END $$;
COMMENT ON FUNCTION places_stamp() IS 'Another text when the day or a row of the areas is. See places/areas.py.';
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0010_workplaces_confirm_what_stands_about_them")]

    operations = [migrations.RunSQL(STAMP, "DROP FUNCTION IF EXISTS places_stamp()")]
