"""A place is public only with its leader's yes to what it says, and has room for everybody who has a seat in it. A guest
has a seat only on days that their leader has said yes to.

A place lies in two tables, so the rules are looked at when the transaction ends. What is public already is not looked
at before it is changed.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

RULES = """
CREATE FUNCTION practicum_public_place_has_a_yes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place bigint;
BEGIN
    IF TG_TABLE_NAME = 'editorial_content' THEN
        IF TG_OP = 'UPDATE' AND OLD.state = NEW.state THEN
            RETURN NULL;
        END IF;
        place := NEW.id;
    ELSE
        IF TG_OP = 'UPDATE' AND (OLD.days, OLD.direct_seats + OLD.round_seats, OLD.starts_on, OLD.ends_on)
            IS NOT DISTINCT FROM (NEW.days, NEW.direct_seats + NEW.round_seats, NEW.starts_on, NEW.ends_on) THEN
            RETURN NULL;
        END IF;
        place := NEW.content_ptr_id;
    END IF;
    IF EXISTS (
        SELECT 1 FROM editorial_content c JOIN practicum_offer o ON o.content_ptr_id = c.id
        WHERE c.id = place AND c.state = 'published' AND NOT EXISTS (
            SELECT 1 FROM practicum_leaderapproval a
            WHERE a.offer_id = c.id AND a.answer = 'ja' AND a.days = o.days
            AND a.seats = o.direct_seats + o.round_seats
            AND a.first_day IS NOT DISTINCT FROM o.starts_on AND a.last_day IS NOT DISTINCT FROM o.ends_on
        )
    ) THEN
        RAISE check_violation USING MESSAGE = 'offer_public_has_a_yes: the leader has not said yes to what it says',
            CONSTRAINT = 'offer_public_has_a_yes';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER offer_public_has_a_yes AFTER INSERT OR UPDATE OF state ON editorial_content
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'praktikplads' AND NEW.state = 'published')
EXECUTE FUNCTION practicum_public_place_has_a_yes();

CREATE CONSTRAINT TRIGGER offer_public_has_a_yes
AFTER INSERT OR UPDATE OF days, direct_seats, round_seats, starts_on, ends_on ON practicum_offer
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION practicum_public_place_has_a_yes();

CREATE FUNCTION practicum_place_has_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM practicum_offer o WHERE o.content_ptr_id = NEW.content_ptr_id
        AND o.direct_seats + o.round_seats < (
            SELECT count(*) FROM practicum_stay s
            WHERE s.offer_id = o.content_ptr_id AND s.state IN ('tilbudt', 'aftalt', 'holdt')
        )
    ) THEN
        RAISE check_violation USING MESSAGE = 'offer_has_room: more guests have a seat than that',
            CONSTRAINT = 'offer_has_room';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER offer_has_room AFTER UPDATE OF direct_seats, round_seats ON practicum_offer
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION practicum_place_has_room();
"""
BACK = """
DROP TRIGGER offer_has_room ON practicum_offer;
DROP FUNCTION practicum_place_has_room();
DROP TRIGGER offer_public_has_a_yes ON practicum_offer;
DROP TRIGGER offer_public_has_a_yes ON editorial_content;
DROP FUNCTION practicum_public_place_has_a_yes();
"""


class Migration(migrations.Migration):
    dependencies = [("practicum", "0006_application_subject_areas")]
    operations = [
        migrations.RunSQL(RULES, BACK),
        pgtrigger.migrations.AddTrigger(
            model_name='stay',
            trigger=pgtrigger.compiler.Trigger(name='leader_said_yes_to_these_days', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NEW.application_id IS NOT NULL AND NEW.state IN ('tilbudt', 'aftalt')\n                        AND (TG_OP = 'INSERT' OR (NEW.state, NEW.application_id, NEW.starts_on, NEW.ends_on, NEW.days)\n                        IS DISTINCT FROM (OLD.state, OLD.application_id, OLD.starts_on, OLD.ends_on, OLD.days))\n                        AND NOT EXISTS (\n                        SELECT 1 FROM practicum_leaderapproval a\n                        WHERE a.application_id = NEW.application_id AND a.answer = 'ja' AND a.days >= NEW.days\n                        AND a.first_day <= NEW.starts_on AND a.last_day >= NEW.ends_on\n                    ) THEN\n                        RAISE check_violation USING MESSAGE = 'stay_has_a_yes: no leader of the guest has said yes to these days', CONSTRAINT = 'stay_has_a_yes';\n                    END IF;\n                    RETURN NEW;\n                ", hash='90abf7bd4bc5881f0de622f27858ecefd9613562', operation='INSERT OR UPDATE OF "state", "application_id", "starts_on", "ends_on", "days"', pgid='pgtrigger_leader_said_yes_to_these_days_d6e92', table='practicum_stay', when='BEFORE')),
        ),
    ]
