"""The reindex command repairs what was changed past the code, for content and for workplaces."""

import pytest
from django.core.management import call_command
from django.db import connection

from search.models import Document
from tests.factories import EntryFactory, WorkplaceFactory


@pytest.mark.django_db
def test_reindex_brings_documents_in_step_with_the_tables() -> None:
    entry = EntryFactory(title="Før")
    workplace = WorkplaceFactory(name="Gammelt navn")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE editorial_content SET title = 'Efter' WHERE id = %s", [entry.pk])
        cursor.execute("UPDATE places_workplace SET name = 'Nyt navn' WHERE id = %s", [workplace.pk])
        cursor.execute("DELETE FROM search_document")
    call_command("reindex", verbosity=0)
    assert Document.objects.get(content=entry.pk).title == "Efter"
    assert Document.objects.get(workplace=workplace.pk).title == "Nyt navn"
