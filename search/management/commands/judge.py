"""Measure search by a file of judged queries, over the portal's own content or over any folder of texts."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import judging
from search.selection import Selection


class Command(BaseCommand):
    help = "Måler søgningen med bedømte søgninger: recall@5 og MRR for hver slags. Uden --texts i portalens indhold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FIL", help="TOML med bedømte søgninger.")
        parser.add_argument(
            "--texts", type=Path, metavar="MAPPE", help="Mappe med tekster (*.txt), der søges i."
        )
        parser.add_argument(
            "--missed", action="store_true", help="Vis de søgninger, der ikke fandt alt først."
        )
        parser.add_argument(
            "--sections", action="store_true", help="Vis kun, hvordan teksterne deles i afsnit."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path | None = options["texts"]
        if folder and not folder.is_dir():
            raise CommandError(f"{folder} er ikke en mappe.")
        if options["sections"]:
            if not folder:
                raise CommandError("--sections kræver --texts.")
            for name, text in judging.sections(folder).items():
                self.stdout.write(f"[{name}]\n{text}\n")
            return
        try:
            queries = judging.load(options["file"])
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{options['file']} kan ikke læses: {error}") from error
        search = judging.Texts(judging.sections(folder)).search if folder else search_portal
        scores, missed = judging.judge(queries, search)
        self.stdout.write(f"{'slags':<28}{'antal':>6}{'recall@5':>10}{'MRR':>7}\n")
        for kind, score in scores.items():
            line = f"{kind:<28}{score.number:>6}{score.recall:>10.3f}{score.reciprocal_rank:>7.3f}\n"
            self.stdout.write(line.replace(".", ","))
        if options["missed"]:
            self.stdout.write("\n" + "\n".join(missed))


def search_portal(q: str) -> list[str]:
    """The slugs of the best results in the portal, of whatever kind."""
    from search.mirror import current
    from search.models import Document

    mirror = current()
    found = Selection.of_kinds(mirror.single["kind"].codes.values, mirror).search(q)
    ids = found.ids("relevans", 0, judging.FIRST)
    rows = Document.objects.filter(pk__in=ids).values_list("pk", "content__slug", "workplace__slug")
    slugs = {pk: content or workplace for pk, content, workplace in rows}
    return [slugs[pk] for pk in ids if pk in slugs]
