"""Write every search document anew. Needed only after changes made in SQL, past the portal's own code."""

from typing import Any

from django.core.management.base import BaseCommand

from editorial.actions import index_all_workplaces
from editorial.models import Content


class Command(BaseCommand):
    help = "Skriver alle søgedokumenter igen, ét ad gangen. Portalen kan bruges imens."

    def handle(self, *args: Any, **options: Any) -> None:
        contents = 0
        for content in Content.objects.order_by("pk").iterator(chunk_size=500):
            content.reindex()
            contents += 1
            if contents % 1000 == 0:
                self.stdout.write(f"{contents} indlæg …")
        workplaces = index_all_workplaces()
        self.stdout.write(f"Søgedokumenter skrevet: {contents} indlæg og {workplaces} arbejdspladser.")
