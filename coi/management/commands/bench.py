"""The measures of docs/performance.md, printed as a table with ratios."""

from __future__ import annotations

import logging
import resource
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.http import QueryDict

from catalogue.exchange.demo import PREFIX
from catalogue.exchange.documents import index
from catalogue.models import Entry, Story
from coi.bench import Measure, empty, measure
from coi.bench_contributions import contributed
from coi.bench_practicum import practicum_files, practicum_lines, practicum_pages
from coi.bench_storms import CONNECTIONS, give_support, look_while_typing, storm_pages
from mapping.geojson import ANSWERS, NAMES
from mapping.lists import MapListing
from search import mirror as mirrors
from search.mirror import Mirror

FACETS = "?sektor=kommune&vaerdi=kvalitet&region=1082"
INDEXED = 200
"""Entries whose documents are written anew, to measure how long that takes."""
FILE_RUNS = 3
"""Measures of a file with everything, which takes seconds."""
MAP = "/kort/data.geojson"
COUNTRY = f"{MAP}?bbox=7.5,54.3,15.6,58&zoom=7"
TOWN = f"{MAP}?bbox=9.955,56.064,10.449,56.236&zoom=12"
"""What 1440 × 900 pixels show around Aarhus."""


class Command(BaseCommand):
    help = "Måler sidernes tid mod de samme sider lavet af data, der er læst."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--runs", type=int, default=15, help="Målinger af hver side.")
        parser.add_argument("--only-map", action="store_true", help="Kun kortets data.")
        parser.add_argument("--only-storm", action="store_true", help="Kun idéstormen.")
        parser.add_argument("--only-practicum", action="store_true", help="Kun Innovationspraktik.")

    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger("coi.request").setLevel(logging.WARNING)  # a line a request would drown the table
        if options["only_practicum"]:
            if not practicum_pages():
                raise CommandError("Der er ingen praktikpladser at måle på: kør bulk_landscape først.")
            self._practicum(options["runs"])
            return
        published = Entry.objects.published()
        newest = published.filter(external_id__startswith=PREFIX).first() or published.first()
        fullest = published.exclude(measures=None).first() or newest
        if newest is None or fullest is None:
            self.stderr.write("Der er intet at måle på: kør load_content først.")
            raise SystemExit(1)
        before = _peak()
        warmed = mirrors.warm()
        mirror = mirrors.current()
        self.stdout.write(f"{published.count()} offentliggjorte indlæg, median af {options['runs']}.\n\n")
        if options["only_map"]:
            self._map(options["runs"])
            self.stdout.write(
                f"En proces' hukommelse højst {_peak():.0f} MB, {before:.0f} MB uden søgning.\n"
            )
            return
        if options["only_storm"]:
            if not storm_pages():
                raise CommandError("Der er ingen idéstorm at måle på: kør bulk_landscape først.")
            self._storm(options["runs"])
            return
        self.stdout.write(f"{'side':<44}{'ms':>9}{'fast':>8}{'forhold':>9}{'foresp.':>9}{'kB':>8}\n")
        for name, path in self._pages(mirror, newest, fullest):
            self.show(measure(name, path, runs=options["runs"]))
        with contributed() as pages:
            for name, path, dress in pages:
                self.show(measure(name, path, runs=options["runs"], dress=dress))
        self._storm(options["runs"])
        self._practicum(options["runs"])
        peak = _peak()
        self._map(options["runs"])
        self.show(measure("CSV, alt", "/katalog/eksport.csv", runs=1))
        database, documents, indexes = self._sizes()
        self.stdout.write(
            f"\nDatabase {database:.0f} MB, søgedokumenter {documents:.0f} MB (heraf indeks {indexes:.1f} MB).\n"
            f"En proces' hukommelse højst {peak:.0f} MB, {before:.0f} MB uden søgning; "
            f"med CSV af alt {_peak():.0f} MB.\n"
            f"Læst ind i hukommelsen på {warmed:.1f} s: {len(mirror.vocabulary)} ord i {mirror.size} rækker. "
            f"Et søgedokument skrives på {self._index_ms():.1f} ms.\n"
        )

    @staticmethod
    def _pages(mirror: Mirror, newest: Entry, fullest: Entry) -> Iterator[tuple[str, str]]:
        rare, common, misspelt = _terms(mirror)
        yield "Forside", "/"
        yield "Katalog", "/katalog/"
        yield f"Katalog, sjældent ord ({rare})", f"/katalog/?q={quote(rare)}"
        yield f"Katalog, ord i hvert andet ({common})", f"/katalog/?q={quote(common)}"
        yield f"Katalog, stavefejl ({misspelt})", f"/katalog/?q={quote(misspelt)}"
        yield "Katalog, tre facetter", f"/katalog/{FACETS}"
        yield "Katalog, side 50", "/katalog/?side=50"
        yield f"Søg i hele portalen ({rare})", f"/soeg/?q={quote(rare)}"
        yield f"Søg i hele portalen ({common})", f"/soeg/?q={quote(common)}"
        yield "Indlæg, det fyldigste", fullest.get_absolute_url()
        yield "Indlæg, det nyeste", newest.get_absolute_url()
        yield "Atom", "/katalog/feed/"
        yield "Gode historier", "/historier/"
        if story := Story.objects.published().first():
            yield "God historie", story.get_absolute_url()
        yield f"Forslag ({common[:3]})", f"/forslag.json?q={quote(common[:3])}"
        yield f"Forslag ({rare[:6]})", f"/forslag.json?q={quote(rare[:6])}"

    def _storm(self, runs: int) -> None:
        """A storm with 5,000 ideas: its pages, giving support, and what is alike while somebody types."""
        pages = storm_pages()
        for name, path in pages:
            self.show(measure(name, path, runs=runs))
        if not pages:
            return
        given, typing = give_support(), look_while_typing()
        self.stdout.write(
            f"Støtte over {CONNECTIONS} forbindelser: {given.per_second:.0f} i sekundet, {given.sent} sendt, "
            f"{given.lost} tabt, {given.double} dobbelt.\n"
            f"Lignende, mens man skriver: median {typing.median:.1f} ms, 95 % under {typing.slow:.1f} ms, "
            f"{typing.slow / typing.query:.0f} gange en forespørgsel.\n"
        )

    def _practicum(self, runs: int) -> None:
        """5,000 places: the pages that show them, what a host and a guest see of theirs, files, and what is no page."""
        pages = practicum_pages()
        for name, path, dress in pages:
            self.show(measure(name, path, runs=runs, dress=dress))
        if not pages:
            return
        for name, path, against in practicum_files():
            self.show(measure(name, path, runs=min(runs, FILE_RUNS), against=against))
        self.stdout.writelines(practicum_lines())

    def _map(self, runs: int) -> None:
        """The data of the map against an empty JSON answer: as the first who asks after something has changed, as a new
        question, and as one asked before.
        """
        before = _peak()
        listing = MapListing(QueryDict())
        kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(listing.results.counts("kinds").items()))
        self.stdout.write(f"På kortet: {listing.count} ting ({kinds}).\n")
        self.stdout.write(
            f"\n{'kort':<44}{'ms':>9}{'tom':>8}{'forhold':>9}{'foresp.':>9}{'kB':>8}{'gzip':>7}\n"
        )
        for name, path in (
            ("Hele landet", COUNTRY),
            ("Hele landet, en sektor", f"{COUNTRY}&sektor=kommune"),
            ("Hele landet, zoom 16 (grovere, så det er der)", f"{MAP}?zoom=16"),
            ("Zoom 12", TOWN),
        ):
            for how, before_each in (("efter ændring", _forget_all), ("ny", _forget_answers)):
                found = measure(f"{name}, {how}", path, runs=runs, against=empty, before=before_each)
                self.show(found, gzip=True)
            self.show(measure(f"{name}, igen", path, runs=runs, against=empty), gzip=True)
        self.stdout.write(f"Kortet tog {_peak() - before:.0f} MB mere.\n\n")

    @staticmethod
    def _sizes() -> tuple[float, float, float]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_database_size(current_database()), pg_total_relation_size('search_document'),"
                " pg_indexes_size('search_document')"
            )
            database, documents, indexes = (n / 2**20 for n in cursor.fetchone())
        return database, documents, indexes

    @staticmethod
    def _index_ms() -> float:
        """Milliseconds to write one of many documents; undone again."""
        keys = list(Entry.objects.published().values_list("pk", flat=True)[:INDEXED])
        start = time.perf_counter()
        with transaction.atomic():
            index(keys)
            transaction.set_rollback(True)
        return (time.perf_counter() - start) * 1000 / len(keys)

    def show(self, m: Measure, *, gzip: bool = False) -> None:
        """One line of the table."""
        line = f"{m.name:<44}{m.milliseconds:>9.1f}{m.fixed:>8.1f}{m.ratio:>9.1f}{m.queries:>9}{m.kilobytes:>8.0f}"
        if gzip:
            line += f"{m.compressed:>7.1f}"
        self.stdout.write(line.replace(".", ",") + "\n")


def _forget_answers() -> None:
    """So that the map's data is worked out, not taken from the last answer; names are read again, too."""
    kept = mirrors.current().kept
    for key in [key for key in kept if key == ANSWERS or key[0] == NAMES]:
        del kept[key]


def _forget_all() -> None:
    """As after a change of any row: all that was worked out of the mirror is gone."""
    mirrors.current().kept.clear()


def _peak() -> float:
    """The most memory this process has used so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _terms(mirror: Mirror) -> tuple[str, str, str]:
    """A word that ten entries have, one that half of them have, and one with a letter too few that nobody writes."""
    words = mirror.vocabulary.words
    numbers = np.zeros(len(words), np.int64)
    for block in mirror.postings.blocks:
        numbers[block.words] += np.diff(block.starts)
    half = np.count_nonzero(mirror.live & (mirror.content > 0)) / 2

    def nearest(wanted: float) -> str:
        usable: list[int] = [
            n for n in np.argsort(np.abs(numbers - wanted)).tolist()[:300] if len(words[n]) >= 8
        ]
        return words[usable[0]]

    often = nearest(max(20, half / 100))
    wrong = next(w for n in range(3, 8) if not mirror.vocabulary.forms(w := often[:n] + often[n + 1 :]))
    return nearest(10), nearest(half), wrong
