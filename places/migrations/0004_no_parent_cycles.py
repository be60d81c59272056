"""A workplace can't lie under itself, however many steps around; the database refuses it."""

from django.db import migrations

# Whoever changes a parent takes a lock first, so that two changes at once can't close a ring between them.
CYCLES = """
CREATE OR REPLACE FUNCTION places_no_parent_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above bigint := NEW.parent_id;
    steps int := 0;
BEGIN
    IF above IS NULL THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock(742002);
    WHILE above IS NOT NULL LOOP
        steps := steps + 1;
        IF above = NEW.id OR steps > 50 THEN
            RAISE check_violation USING MESSAGE = 'a workplace cannot lie under itself',
                CONSTRAINT = 'workplace_no_parent_cycle';
        END IF;
        SELECT parent_id INTO above FROM places_workplace WHERE id = above;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER workplace_no_parent_cycle AFTER INSERT OR UPDATE OF parent_id ON places_workplace
    FOR EACH ROW EXECUTE FUNCTION places_no_parent_cycle();
ALTER TABLE places_workplaceperiod ADD CONSTRAINT workplace_period_not_under_itself
    CHECK (parent_id IS NULL OR parent_id <> workplace_id);
"""

DROP = """
ALTER TABLE places_workplaceperiod DROP CONSTRAINT workplace_period_not_under_itself;
DROP TRIGGER workplace_no_parent_cycle ON places_workplace;
DROP FUNCTION places_no_parent_cycle();
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0003_load_geography")]
    operations = [migrations.RunSQL(CYCLES, DROP)]
