"""Danish order: æ, ø and å last, aa as å, accents and case without weight."""

from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from places.models import Municipality
from tests.factories import WorkplaceFactory

ALPHABET = " -0123456789abcdefghijklmnopqrstuvwxyzæøå"
SAME = {"ä": "æ", "ö": "ø", "ü": "y", "é": "e", "è": "e", "á": "a", "ó": "o", "ñ": "n", "ç": "c", "ý": "y"}


def danish_key(text: str) -> list[int]:
    """The place of each letter in the Danish alphabet, computed without the database."""
    letters = text.lower().replace("aa", "å")
    return [ALPHABET.index(SAME.get(letter, letter)) for letter in letters]


def in_order(words: list[str]) -> list[str]:
    """The words in the database's order."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT w FROM unnest(%s::text[]) WITH ORDINALITY AS t(w, n) ORDER BY coi_sort_key(w) COLLATE "C", n',
            [words],
        )
        return [row[0] for row in cursor.fetchall()]


def test_danish_names_in_danish_order(db: None) -> None:
    """The names people know to be difficult."""
    names = ["Allerød", "Egedal", "Vejle", "Ærø", "Øster", "Aabenraa", "Åbyhøj", "Aalborg", "Aarhus"]
    assert in_order(list(reversed(names))) == names


def test_case_and_accents_have_no_weight(db: None) -> None:
    """»Café« stands where »cafe« does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coi_sort_key('CAFÉ AABEN'), coi_sort_key('café åben')")
        first, second = cursor.fetchone()
    assert first == second == "cafe }ben"


def test_stored_keys_sort_rows(db: None) -> None:
    """Municipalities and workplaces are sorted so by themselves."""
    names = list(Municipality.objects.values_list("name", flat=True))
    assert names == sorted(names, key=danish_key)
    assert names[-1].startswith("Aa")
    made = [WorkplaceFactory.create(name=name).pk for name in ("Åben", "Zoo", "Aaby", "aften")]
    order = type(WorkplaceFactory.build()).objects.filter(pk__in=made).values_list("name", flat=True)
    assert list(order) == ["aften", "Zoo", "Åben", "Aaby"]


WORDS = st.text(alphabet=ALPHABET + ALPHABET.upper() + "äöüéèáóñçýÄÖÜÉ", max_size=12)


@given(st.lists(WORDS, min_size=2, max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_are_in_danish_order(db: None, words: list[str]) -> None:
    """The database's order is the alphabet's."""
    assert in_order(words) == sorted(words, key=danish_key)
