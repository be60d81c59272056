"""A place is public only with its leader's yes to what it says, and has room for everybody who has a seat in it.

A place lies in two tables, so the rules are looked at when the transaction ends. What is public already is not looked
at before it is changed.
"""

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
    dependencies = [("practicum", "0005_matching")]
    operations = [migrations.RunSQL(RULES, BACK)]
