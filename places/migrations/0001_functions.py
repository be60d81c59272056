"""Extensions and the SQL functions that the tables build on; the same on every PostgreSQL."""

from django.contrib.postgres.operations import (
    BtreeGinExtension,
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations

NOW = """
CREATE OR REPLACE FUNCTION coi_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT now()';
COMMENT ON FUNCTION coi_now() IS 'The clock that deadlines and periods are compared with. Tests replace it; production has no way to.';
CREATE OR REPLACE FUNCTION coi_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT (coi_now() AT TIME ZONE 'Europe/Copenhagen')::date $$;
"""

# Letters are mapped one by one, so neither ICU nor a Danish locale is needed. After z in ASCII come { | },
# which stand for æ, ø and å. »aa« sorts as å.
SORT_KEY = r"""
CREATE OR REPLACE FUNCTION coi_sort_key(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT translate(
        replace(
            translate(value,
                'ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅÄÖÜÉÈÊËÁÀÂÃÓÒÔÕÍÌÎÏÚÙÛÝÇÑ',
                'abcdefghijklmnopqrstuvwxyzæøåäöüéèêëáàâãóòôõíìîïúùûýçñ'),
            'aa', 'å'),
        'æøåäöüéèêëáàâãóòôõíìîïúùûýçñ',
        '{|}{|yeeeeaaaaooooiiiiuuuycn')
$$;
"""

CVR = """
CREATE OR REPLACE FUNCTION coi_cvr_valid(value text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT CASE WHEN value ~ '^[1-9][0-9]{7}$' THEN
        (2 * substr(value, 1, 1)::int + 7 * substr(value, 2, 1)::int + 6 * substr(value, 3, 1)::int
         + 5 * substr(value, 4, 1)::int + 4 * substr(value, 5, 1)::int + 3 * substr(value, 6, 1)::int
         + 2 * substr(value, 7, 1)::int + substr(value, 8, 1)::int) % 11 = 0
    ELSE false END
$$;
"""

DROP = """
DROP FUNCTION IF EXISTS coi_today(); DROP FUNCTION IF EXISTS coi_now();
DROP FUNCTION IF EXISTS coi_sort_key(text); DROP FUNCTION IF EXISTS coi_cvr_valid(text);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGinExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(NOW + SORT_KEY + CVR, DROP),
    ]
