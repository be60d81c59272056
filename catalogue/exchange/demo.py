"""Many made-up Danish entries, for measuring. The same number always gives the same entry."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from itertools import islice

from django.db import transaction
from django.utils import timezone

from catalogue.choices import KINDS, Novelty, ReuseKind, ReusePhase
from catalogue.exchange.documents import index
from catalogue.exchange.writing import free_slugs, insert_entries, log_publishing
from catalogue.models import Entry, Reuse
from editorial.actions import index_workplace
from editorial.choices import CARRIED_OUT, InnovationType, Kind, Phase, State, Value
from editorial.models import Content, ContentSlug, Participation, SubjectArea, Tag, TaggedContent
from editorial.slugs import danish_slug
from places.choices import Sector
from places.models import Municipality, Workplace
from places.models.workplace import WorkplaceSlug

PREFIX = "bulk-"
CHUNK = 500
WORKPLACES = 300
EXACT = 0.7
"""The share of entries with a point of their own; the others are known by their municipality only."""
REASON = "Opdigtet til måling"

WHO = (
    "Hjemmeplejen", "Borgerservice", "Jobcentret", "Biblioteket", "Skolen", "Børnehuset", "Plejehjemmet",
    "Sundhedshuset", "Teknik og Miljø", "Familieafdelingen", "Bostedet", "Akutmodtagelsen", "Tandplejen",
    "Ungdomsskolen", "Genbrugspladsen", "Museet", "Politistationen", "Fængslet", "Styrelsen", "Ældrecentret",
)  # fmt: skip
WHERE = (
    "Fjordby", "Engdalby", "Lyngmark", "Skovlysby", "Klitby", "Åby Nord", "Mosevang", "Birkeå", "Sønderkær",
    "Højdedal", "Vesterhede", "Strandlunde", "Hedevang", "Kærlunde", "Øster Dal", "Bakkely", "Nørre Eng", "Æblelund",
    "Stenlysby", "Ravnedal", "Lillevang", "Storkeby", "Havnsby", "Grønnebro", "Ålevang",
)  # fmt: skip
DID = (
    "samler trådene", "møder borgeren hjemme", "skærer ventetiden ned", "deler sin kalender", "lytter før de skriver",
    "bruger data til at planlægge", "inviterer de pårørende", "fjerner tre skemaer", "laver faste hold",
    "lader medarbejderne bestemme", "prøver i det små", "flytter mødet ud", "skriver kortere breve", "ringer først",
    "genbruger en god idé", "måler det, der betyder noget", "lærer af fejlene", "åbner dørene om aftenen",
    "bygger bro mellem vagterne", "spørger de unge", "deler viden på tværs", "får frivillige med", "sparer på energien",
)  # fmt: skip
WHY = (
    "så færre falder igennem", "og sygefraværet falder", "så borgeren kun fortæller det én gang", "uden nye penge",
    "med hjælp fra naboen", "på halvt så lang tid", "og det kan mærkes", "efter svensk forbillede",
    "sammen med borgerne", "fra første dag", "hver tirsdag", "i hele kommunen",
)  # fmt: skip
SENTENCES = (
    "Det begyndte med en medarbejder, der undrede sig over, hvor mange gange den samme oplysning blev skrevet ned.",
    "Lederen gav holdet tre måneder og lov til at lave fejl.",
    "Borgerne blev spurgt før, under og efter, og deres svar ændrede planen to gange.",
    "Sygefraværet faldt i samme periode, men det er ikke undersøgt, om det ene skyldes det andet.",
    "Den største hindring var, at systemerne ikke talte sammen.",
    "Aftalen med de faglige organisationer var på plads, før noget blev sat i gang.",
    "Holdet mødes en halv time hver uge og gennemgår det, der gik skævt.",
    "Ventetiden blev kortere, og klagerne handler nu om noget andet end før.",
    "En nabokommune har kopieret løsningen og lavet den om på ét punkt.",
    "Det kræver, at en person har tid til at holde fast, når hverdagen trænger sig på.",
    "Kommunens jurist vurderede, at samtykket kunne indhentes mundtligt og skrives ned bagefter.",
    "Der blev brugt omkring 200 timer på at komme i gang og herefter to timer om ugen.",
    "De pårørende fik et fast telefonnummer og en fast tid, og det gav ro.",
    "Medarbejderne siger selv, at samarbejdet på tværs af faggrupper er blevet bedre.",
    "Forsøget blev stoppet i to afdelinger, fordi bemandingen var for lav.",
    "Dokumentationen består af egne tællinger og et spørgeskema med 140 svar.",
)  # fmt: skip
TOPICS = (
    "sygefravær", "hjemmepleje", "ældre", "borger", "pårørende", "medarbejder", "leder", "skole", "børnehave",
    "ungdom", "psykiatri", "genoptræning", "demens", "ernæring", "medicin", "udskrivning", "indlæggelse",
    "ambulance", "akut", "beskæftigelse", "uddannelse", "praktik", "integration", "sprog", "trafik", "cykel",
    "affald", "spildevand", "energi", "klima", "natur", "park", "bygning", "bibliotek", "kultur", "fritid",
    "idræt", "museum", "skat", "regnskab", "indkøb", "udbud", "digital", "data", "telefon", "brev",
    "selvbetjening", "samtykke", "journal", "tavshed", "velfærd", "bolig", "misbrug", "handicap", "syn", "høre",
    "tand", "sundhed", "familie", "pleje", "anbringelse", "retning", "beredskab",
)  # fmt: skip
FORMS = (
    "samtale", "forløb", "møde", "plan", "aftale", "team", "værksted", "netværk", "ordning", "indsats",
    "rådgivning", "vejledning", "tilbud", "portal", "tavle", "måling", "analyse", "model", "metode", "guide",
    "kursus", "forsøg", "projekt", "politik", "strategi", "kampagne", "app", "skema", "kalender", "gruppe",
    "hus", "café", "dag", "uge", "vagt", "rute", "central", "enhed", "udvalg", "panel", "spil", "film", "mappe",
    "liste", "pose", "kasse", "bil",
)  # fmt: skip
DETAILS = (
    "Kernen er et {0}, som hele holdet kan.", "Vi begyndte med et {0} og lagde et {1} oven i.",
    "Et {0} viste sig at være vigtigere end et {1}.", "I dag er et {0} fast hver måned.",
    "Det svære var at få et {0} til at passe med et {1}.", "Borgerne spørger selv efter et {0}.",
)  # fmt: skip


def _compound(choose: random.Random) -> str:
    """A Danish compound, some common and most rare, as in life: there are about 3,000."""
    first = TOPICS[int(len(TOPICS) * choose.random() ** 2)]
    last = FORMS[int(len(FORMS) * choose.random() ** 2)]
    link = "s" if first.endswith(("t", "d", "ng", "er", "else", "ion")) and choose.random() < 0.8 else ""
    return f"{first}{link}{last}"


TAGS = tuple(
    f"{what} {how}".strip()
    for what in ("ventetid", "samtaler", "frivillige", "velfærdsteknologi", "sygefravær", "tillid", "data", "breve",
                 "pårørende", "læring", "digital post", "faste hold", "energi", "bolig", "overgange", "kerneopgave",
                 "møder", "ledelse", "mad", "bevægelse")
    for how in ("", "i praksis", "på tværs", "for unge", "om natten", "i udkanten")
)  # fmt: skip


def make(total: int, *, say: Callable[[int], None] = lambda done: None) -> int:
    """Make entries until there are `total` of them; those that are there count. Returns how many were made.

    Each chunk is a transaction of its own, so an interrupted run is simply taken up again.
    """
    have = set(Entry.objects.filter(external_id__startswith=PREFIX).values_list("external_id", flat=True))
    missing = (n for n in range(1, total + len(have) + 1) if _external_id(n) not in have)
    wanted = max(0, total - len(have))
    numbers = list(islice(missing, wanted))
    maker = _Maker() if numbers else None
    for start in range(0, len(numbers), CHUNK):
        assert maker is not None
        maker.make(numbers[start : start + CHUNK])
        say(min(start + CHUNK, len(numbers)))
    return len(numbers)


def remove(*, say: Callable[[int], None] = lambda done: None) -> int:
    """Remove all made-up entries and their workplaces, with addresses and log. Returns how many entries went."""
    count = 0
    while keys := list(
        Entry.objects.filter(external_id__startswith=PREFIX).values_list("pk", flat=True)[:CHUNK]
    ):
        with transaction.atomic():
            ContentSlug.objects.filter(content__in=keys).delete()
            Entry.objects.filter(pk__in=keys).delete()
        count += len(keys)
        say(count)
    with transaction.atomic():
        places = Workplace.objects.filter(slug__startswith=PREFIX, is_demo=True, content=None, reuses=None)
        places = places.filter(participations=None)
        WorkplaceSlug.objects.filter(workplace__in=places.values("pk")).delete()
        Workplace.objects.filter(pk__in=list(places.values_list("pk", flat=True))).delete()
        Tag.objects.filter(name__in=TAGS, items=None).delete()
    return count


def _external_id(number: int) -> str:
    return f"{PREFIX}{number:06d}"


class _Maker:
    """Makes chunks of entries with all that belongs to them."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.areas = list(SubjectArea.objects.values_list("pk", flat=True))
        self.municipalities = list(Municipality.objects.all())
        self.tags = [Tag.objects.get_or_create(name=name)[0].pk for name in TAGS]
        self.workplaces = self._workplaces()

    def _workplaces(self) -> list[Workplace]:
        """Invented workplaces, all over the country: real ones get no invented content."""
        choose = random.Random(1)  # noqa: S311 - made-up content
        wanted = []
        for number in range(WORKPLACES):
            name = f"{WHO[number % len(WHO)]} i Målby {number + 1}"
            wanted.append(
                Workplace(
                    slug=PREFIX + danish_slug(name, max_length=60),
                    name=name,
                    sector=choose.choice(Sector.values),
                    municipality=choose.choice(self.municipalities),
                    is_demo=True,
                )
            )
        Workplace.objects.bulk_create(wanted, ignore_conflicts=True)
        made = Workplace.objects.filter(slug__in=[w.slug for w in wanted]).order_by("slug")
        workplaces = list(made.select_related("municipality"))
        for workplace in workplaces:
            index_workplace(workplace)
        return workplaces

    @staticmethod
    def _point(owner: Workplace, choose: random.Random) -> tuple[Decimal, Decimal]:
        """A point around the seat of the owner's municipality, most of them near it."""
        seat = owner.municipality
        assert seat is not None
        lat = min(57.85, max(54.5, choose.gauss(float(seat.lat), 0.05)))
        lng = min(15.25, max(8.0, choose.gauss(float(seat.lng), 0.09)))
        return Decimal(f"{lat:.5f}"), Decimal(f"{lng:.5f}")

    def make(self, numbers: list[int]) -> None:
        """Make these entries, in one transaction."""
        made = [(number, random.Random(number)) for number in numbers]  # noqa: S311 - made-up content
        entries = [self._entry(number, choose) for number, choose in made]
        with transaction.atomic():
            for entry, slug in zip(entries, free_slugs(entries), strict=True):
                entry.slug = slug
            insert_entries(entries)
            self._hang_on([(entry, choose) for entry, (_n, choose) in zip(entries, made, strict=True)])
            log_publishing(entries, by=None, reason=REASON)
            index([entry.pk for entry in entries])

    def _entry(self, number: int, choose: random.Random) -> Entry:
        kind = choose.choices(KINDS, weights=(60, 12, 4, 9, 8, 7))[0]
        owner = choose.choice(self.workplaces)
        year = choose.randint(2006, 2025)
        has_status = kind == Kind.EXAMPLE or choose.random() < 0.3
        statuses = CARRIED_OUT if kind == Kind.EXAMPLE else tuple(Phase)
        title = f"{choose.choice(WHO)} i {choose.choice(WHERE)} {choose.choice(DID)} {choose.choice(WHY)}"
        if choose.random() < 0.5:
            title = f"{_compound(choose).capitalize()} i {choose.choice(WHERE)} {choose.choice(WHY)}"

        def text(most: int) -> str:
            said = choose.sample(SENTENCES, choose.randint(1, most))
            details = [
                choose.choice(DETAILS).format(_compound(choose), _compound(choose)) for _n in range(most)
            ]
            return " ".join(choose.sample([*said, *details], len(said) + len(details)))

        def some(values: list[str], most: int) -> list[str]:
            return sorted(choose.sample(values, choose.randint(0, most)), key=values.index)

        at = dt.timedelta(minutes=choose.randint(1, 8 * 365 * 24 * 60))
        lat, lng = self._point(owner, choose) if choose.random() < EXACT else (None, None)
        return Entry(
            external_id=_external_id(number),
            kind=kind,
            title=title,
            summary=text(2)[:500],
            body=text(3),
            problem=text(2),
            solution=text(4),
            effect=text(3),
            process=text(3),
            conditions=text(3),
            documentation=text(1),
            owner=owner,
            sectors=sorted({owner.sector, *some(Sector.values, 1)}),
            municipality_id=owner.municipality_id,
            lat=lat,
            lng=lng,
            year_from=year,
            year_to=min(2026, year + choose.randint(0, 4)) if choose.random() < 0.6 else None,
            status=choose.choice(statuses) if has_status else "",
            values=some(Value.values, 3),
            innovation_types=some(InnovationType.values, 2),
            novelty=choose.choice(Novelty.values) if kind == Kind.EXAMPLE else "",
            source="Opdigtet",
            is_demo=True,
            state=State.PUBLISHED,
            published_at=self.now - at,
        )

    def _hang_on(self, rows: list[tuple[Entry, random.Random]]) -> None:
        areas, tags, reuses, partners = [], [], [], []
        through = Content.subject_areas.through
        for entry, choose in rows:
            keys = choose.sample(self.areas, choose.randint(1, 3))
            areas += [through(content_id=entry.pk, subjectarea_id=key) for key in keys]
            # A few tags are on much, most on little, as in life.
            found = {
                self.tags[int(len(self.tags) * choose.random() ** 3)] for _n in range(choose.randint(1, 5))
            }
            tags += [TaggedContent(content_object_id=entry.pk, tag_id=key) for key in found]
            others = [w for w in choose.sample(self.workplaces, 6) if w.pk != entry.owner_id]
            if choose.random() < 0.2:
                partners += [
                    Participation(content_id=entry.pk, workplace=w, position=n)
                    for n, w in enumerate(others[:2])
                ]
            if choose.random() < 0.15:
                reuses += [
                    Reuse(
                        entry_id=entry.pk,
                        workplace=w,
                        kind=choose.choice(ReuseKind.values),
                        phase=choose.choice(ReusePhase.values),
                        year=choose.randint(2015, 2025),
                    )
                    for w in others[: choose.randint(1, 5)]
                ]
        through.objects.bulk_create(areas)
        TaggedContent.objects.bulk_create(tags)
        Participation.objects.bulk_create(partners)
        Reuse.objects.bulk_create(reuses)
