"""The measures of docs/performance.md, printed as a table with ratios."""

import logging
import resource
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from catalogue.models import Entry
from coi.bench import Measure, measure

PAGES = (
    ("Forside", "/"),
    ("Katalog", "/katalog/"),
    ("Katalog, sjældent ord", "/katalog/?q=vejhuller+eller+huskeseddel"),
    ("Katalog, hyppigt ord", "/katalog/?q=arbejde"),
    ("Katalog, tre facetter", "/katalog/?sektor=kommune&vaerdi=kvalitet&region=1082"),
    ("Katalog, side 5", "/katalog/?side=5"),
    ("Søg i hele portalen", "/soeg/?q=tillid"),
    ("Indlæg", "/katalog/{slug}/"),
    ("Atom", "/katalog/feed/"),
)
SLOW = (("CSV, alt", "/katalog/eksport.csv"),)


class Command(BaseCommand):
    help = "Måler sidernes tid mod de samme sider uden forespørgsler."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--runs", type=int, default=15, help="Målinger af hver side.")

    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger("coi.request").setLevel(logging.WARNING)  # a line a request would drown the table
        published = Entry.objects.published()
        newest = published.exclude(measures=None).first() or published.first()
        if newest is None:
            self.stderr.write("Der er intet at måle på: kør load_content først.")
            raise SystemExit(1)
        self.stdout.write(f"{published.count()} offentliggjorte indlæg, median af {options['runs']}.\n\n")
        self.stdout.write(f"{'side':<28}{'ms':>8}{'uden db':>9}{'forhold':>9}{'foresp.':>9}{'kB':>8}\n")
        for name, path in PAGES:
            self.show(measure(name, path.format(slug=newest.slug), runs=options["runs"]))
        for name, path in SLOW:
            self.show(measure(name, path, runs=3))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_database_size(current_database()), pg_total_relation_size('search_document'),"
                " pg_indexes_size('search_document')"
            )
            database, documents, indexes = (n / 2**20 for n in cursor.fetchone())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self.stdout.write(
            f"\nDatabase {database:.0f} MB, søgedokumenter {documents:.0f} MB (heraf indeks {indexes:.0f} MB). "
            f"Processens hukommelse højst {peak:.0f} MB.\n"
        )

    def show(self, m: Measure) -> None:
        """One line of the table."""
        fixed = f"{m.fixed:.1f}" if m.fixed else "–"
        ratio = f"{m.ratio:.1f}" if m.ratio else "–"
        line = f"{m.name:<28}{m.milliseconds:>8.1f}{fixed:>9}{ratio:>9}{m.queries:>9}{m.kilobytes:>8.0f}\n"
        self.stdout.write(line.replace(".", ","))
