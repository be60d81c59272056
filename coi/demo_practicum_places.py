"""Hosts, places and wishes of the demonstration's Innovationspraktik. All invented; hosts lie in no real workplace."""

from __future__ import annotations

from dataclasses import dataclass

from places.choices import Sector

HOSTS: dict[str, tuple[str, Sector]] = {
    "egevang-plejecenter": ("Egevang Plejecenter", Sector.MUNICIPALITY),
    "egevang-skole": ("Egevang Skole", Sector.MUNICIPALITY),
    "sundeng-genbrugsplads": ("Sundeng Genbrugsplads", Sector.MUNICIPALITY),
    "sundeng-jobcenter": ("Sundeng Jobcenter", Sector.MUNICIPALITY),
    "noerresoe-bibliotek": ("Nørresø Bibliotek", Sector.MUNICIPALITY),
    "noerresoe-ungdomshus": ("Nørresø Ungdomshus", Sector.MUNICIPALITY),
    "psykiatrien-i-hoejbro": ("Psykiatrien i Højbro", Sector.REGION),
    "akutberedskabet-i-hoejbro": ("Akutberedskabet i Højbro", Sector.REGION),
    "statens-kortkontor": ("Statens Kortkontor", Sector.STATE),
    "statens-arkivhus": ("Statens Arkivhus", Sector.STATE),
    "egevang-gymnasium": ("Egevang Gymnasium", Sector.SELF_GOVERNING),
    "sundeng-erhvervsskole": ("Sundeng Erhvervsskole", Sector.SELF_GOVERNING),
}
"""Slug → name and sector of the workplaces that are made for it; the other hosts are the demonstration's own."""


@dataclass(frozen=True)
class Place:
    """A place of the round: where it is (municipality's or region's code), how long, how many, and for whom."""

    title: str
    summary: str
    programme: str
    host: str
    area: str
    subjects: tuple[str, ...]
    days: int = 3
    direct: int = 0
    seats: int = 2
    needs: tuple[str, ...] = ()
    all_year: bool = False
    """Outside the round: agreed on directly, when it suits both."""


CHILDREN, RECORD = ("boerneattest",), ("straffeattest",)
PLACES: tuple[Place, ...] = (
    Place("Hjemmepleje i små, faste hold", "Gå med et hold på aftenvagt, og se, hvordan de selv lægger ruten.", "Første dag er du med til planlægningen. Anden dag følger du et hold. Tredje dag taler I om, hvad der var svært.", "hjemmeplejen-nord-i-fjordby-kommune", "1082", ("aeldre",), 3, 1, 2, RECORD),  # noqa: E501
    Place("Når biblioteket åbner uden personale", "Hvad gør de, når noget går galt klokken 22? Følg driften bag et åbent hus.", "Du følger dem, der åbner og lukker, og er med, når henvendelserne fra natten bliver gennemgået.", "strandby-bibliotek", "1083", ("kultur-fritid",), 2, 3, 0, (), all_year=True),  # noqa: E501
    Place("Pårørende med til morgenkonference", "Sid med, når pårørende deltager i stuegangen, og spørg lægerne bagefter.", "To morgener på afdelingen og en eftermiddag med dem, der fandt på det.", "hospitalet-i-hoejbro", "1084", ("sundhed",), 4, 1, 1, RECORD),  # noqa: E501
    Place("Skrivestue for svære breve", "Sagsbehandlere og borgere skriver sammen. Tag et af jeres egne breve med.", "Formiddag i skrivestuen, eftermiddag med at prøve brevene på nogen, der får dem.", "statens-ydelseskontor", "1085", ("borgerservice", "digitalisering"), 2, 1, 0, (), all_year=True),  # noqa: E501
    Place("Modtagelsen, hvor ingen står i kø", "Se, hvad der skete, da borgerne fik en vært i stedet for et nummer.", "Du står i modtagelsen, og du er med, når teamet hver fredag ser på ugen.", "borgerservice-i-fjordby-kommune", "1082", ("borgerservice",), 2, 1, 2),  # noqa: E501
    Place("Børnehus uden stuer", "Følg en uge, hvor børnene vælger rum, og de voksne bliver, hvor de er.", "Du er med fra klokken ti til to, og personalet viser, hvordan de planlægger.", "boernehuset-baekken-i-aaloese-kommune", "1081", ("dagtilbud",), 4, 0, 2, CHILDREN),  # noqa: E501
    Place("Veje, der selv melder deres huller", "Kør med, når renovationsbilen filmer vejen, og se, hvem der handler på det.", "En dag i bilen, en dag hos dem, der sætter huller i rækkefølge.", "vej-og-park-i-strandby-kommune", "1083", ("teknik-miljoe", "digitalisering"), 2, 0, 2),  # noqa: E501
    Place("Økonomimøder, hvor alle kan tallene", "Institutionsledere og økonomer ser på budgettet i samme rum.", "Du er med på to møder og forberedelsen af dem.", "aaloese-kommune", "1081", ("skat-oekonomi", "ledelse-hr"), 2, 0, 3),  # noqa: E501
    Place("Direktionen i marken", "Gå med en direktør, der en dag om måneden arbejder hos dem, det handler om.", "En dag ude, en dag til at tale om, hvad direktionen så ændrede.", "hoejbro-kommune", "1084", ("ledelse-hr",), 2, 1, 0),  # noqa: E501
    Place("Ét telefonnummer til det hele", "Lyt med, og se, hvordan de får opkaldet hen til den rigtige første gang.", "Medlyt om formiddagen, og gennemgang af svære opkald om eftermiddagen.", "fjordby-kommune", "1082", ("borgerservice",), 2, 0, 2),  # noqa: E501
    Place("Plejehjem med åben dør", "Se hverdagen et sted, hvor beboere med demens kan gå ud og finde hjem igen.", "Du følger en vagt og er med til at gennemgå ugens gåture.", "egevang-plejecenter", "0851", ("aeldre", "sundhed"), 3, 0, 2, RECORD),  # noqa: E501
    Place("Skema uden ringeklokke", "Prøv en skoledag i lange forløb, og tal med eleverne om det.", "To dage i 7. klasse og et teammøde.", "egevang-skole", "0860", ("skole",), 3, 0, 2, CHILDREN),  # noqa: E501
    Place("Genbrugspladsen som værksted", "Borgere reparerer det, de ellers ville smide ud. Se, hvem der hjælper, og hvad det koster.", "En dag på pladsen, en dag med regnskab og sikkerhed.", "sundeng-genbrugsplads", "0787", ("klima-energi", "teknik-miljoe"), 2, 0, 2),  # noqa: E501
    Place("Jobsamtaler på gåben", "Sagsbehandlere går med borgeren i stedet for at sidde over for. Gå med.", "Tre samtaler, hvis borgeren siger ja, og en snak om, hvornår det ikke virker.", "sundeng-jobcenter", "0461", ("beskaeftigelse",), 2, 0, 2),  # noqa: E501
    Place("Bogbussen, der også er borgerservice", "Kør en rute med, og se, hvad folk spørger om.", "To dage på ruten.", "noerresoe-bibliotek", "0561", ("kultur-fritid", "borgerservice"), 2, 0, 1),  # noqa: E501
    Place("Unge ansætter deres egne medarbejdere", "Sid med, når unge holder jobsamtaler, og se, hvad de lægger vægt på.", "En samtaledag og en dag med forberedelse.", "noerresoe-ungdomshus", "0540", ("boern-unge-familie", "kultur-fritid"), 2, 0, 2, CHILDREN),  # noqa: E501
    Place("Færre tvangsforanstaltninger", "Se de samtaler, afdelingen holder, hver gang noget gik galt.", "Morgenmøde, stuegang og eftersamtale.", "psykiatrien-i-hoejbro", "0615", ("handicap-psykiatri", "sundhed"), 3, 0, 1, RECORD),  # noqa: E501
    Place("Natten på vagtcentralen", "Se, hvordan de vælger, hvem der skal have en ambulance.", "En nat på centralen og en eftermiddag med gennemgang.", "akutberedskabet-i-hoejbro", "0791", ("sundhed", "forsvar-beredskab"), 2, 0, 2, RECORD),  # noqa: E501
    Place("Kort, som borgerne retter", "Se, hvordan rettelser fra borgere bliver til et bedre kort samme uge.", "En dag med dem, der tager imod, og en dag med dem, der måler.", "statens-kortkontor", "0101", ("digitalisering", "teknik-miljoe"), 2, 0, 3),  # noqa: E501
    Place("Arkivet, man kan spørge", "Se, hvordan de svarer på ti dage i stedet for to måneder.", "Du følger fem forespørgsler, fra de kommer ind, til de er besvaret.", "statens-arkivhus", "0147", ("kultur-fritid", "digitalisering"), 3, 0, 2),  # noqa: E501
    Place("Elever som undervisere", "3. g underviser 1. g. Se, hvordan lærerne forbereder det.", "To dage på skolen.", "egevang-gymnasium", "0265", ("ungdomsuddannelse",), 2, 0, 2),  # noqa: E501
    Place("Værksted for dem, der vil stoppe", "Se det tilbud, der får unge til at blive på uddannelsen.", "En dag i værkstedet og en dag med vejlederne.", "sundeng-erhvervsskole", "0370", ("ungdomsuddannelse", "beskaeftigelse"), 2, 0, 2),  # noqa: E501
    Place("Aftensmad lavet på stedet", "Se, hvad der skete, da køkkenet flyttede tilbage på plejecentret.", "En dag i køkkenet, en dag med økonomien.", "egevang-plejecenter", "0851", ("aeldre",), 2, 0, 2),  # noqa: E501
    Place("Skole-hjem-samtaler uden bord", "Samtalen foregår, hvor barnet viser frem. Se tre af dem.", "En eftermiddag og to morgener.", "egevang-skole", "0813", ("skole", "boern-unge-familie"), 2, 0, 1, CHILDREN),  # noqa: E501
    Place("Sorteringsvejledning på fem sprog", "Se, hvordan den blev lavet sammen med dem, der skal bruge den.", "En dag i boligområdet og en dag på pladsen.", "sundeng-genbrugsplads", "0787", ("klima-energi", "social-indsats"), 2, 0, 2),  # noqa: E501
    Place("Virksomheder, der ringer først", "Jobcentret får besked, før nogen bliver sagt op. Se hvordan.", "To virksomhedsbesøg og et teammøde.", "sundeng-jobcenter", "0461", ("beskaeftigelse",), 3, 0, 2),  # noqa: E501
    Place("Lektiecafé med frivillige", "Hvem er de frivillige, og hvad får dem til at blive?", "To eftermiddage.", "noerresoe-bibliotek", "0621", ("kultur-fritid", "social-indsats"), 2, 0, 2, CHILDREN),  # noqa: E501
    Place("Peermedarbejdere på afdelingen", "Mennesker, der selv har været indlagt, er ansat. Gå med en af dem.", "Tre dage på afdelingen.", "psykiatrien-i-hoejbro", "0615", ("handicap-psykiatri",), 3, 0, 2, RECORD),  # noqa: E501
    Place("Øvelsen, der går galt med vilje", "Vær med, når beredskabet øver det, de ikke kan.", "Planlægning, øvelse og opsamling.", "akutberedskabet-i-hoejbro", "0730", ("forsvar-beredskab",), 2, 0, 2),  # noqa: E501
    Place("Data, andre må bruge", "Se, hvordan de vælger, hvad der kan lægges åbent frem.", "To dage hos dem, der gør data klar.", "statens-kortkontor", "0101", ("digitalisering",), 2, 0, 2),  # noqa: E501
    Place("Praktik i naturfag for hele byen", "Gymnasiet låner sit laboratorium ud. Se, hvem der kommer.", "En dag med folkeskolen og en dag med virksomheder.", "egevang-gymnasium", "0316", ("ungdomsuddannelse", "skole"), 2, 0, 2),  # noqa: E501
    Place("Svendeprøven som fest", "Se, hvad det betyder, at familie og værter er med.", "En prøvedag og en dag med lærerne.", "sundeng-erhvervsskole", "0400", ("ungdomsuddannelse",), 2, 0, 1),  # noqa: E501
)  # fmt: skip
"""The round's places, in all five regions."""
REASONS = (
    "Vi skal selv i gang i foråret og vil gerne se, hvor det gør ondt.",
    "Jeg har læst om jeres måde at gøre det på og kan ikke regne ud, hvem der bestemmer hvad.",
    "Hos os er det gået i stå to gange. Jeg vil se et sted, hvor det kører.",
    "Jeg er ny leder og har kun set ét sted indefra.",
    "Vi har prøvet noget, der ligner. Det virkede den første måned.",
    "Mine kolleger tror ikke på det. Jeg vil kunne fortælle, hvad jeg så.",
    "Jeg vil gerne lære, hvordan I får borgerne med fra begyndelsen.",
    "Vi har pengene, men ikke modet. Jeg vil tale med nogen, der begyndte.",
    "Jeg arbejder med tallene bag og har aldrig mødt dem, de handler om.",
)
BRINGS = (
    "En plan for de første tre måneder.",
    "Tre ting, vi kan prøve uden at spørge nogen.",
    "Jeres fejl, så vi ikke laver dem igen.",
    "En aftale om at ringe sammen bagefter.",
    "Skabeloner og ugeplaner, hvis vi må låne dem.",
)
SAID = (
    "Jeg tog hjem med to ting, vi kunne gøre samme uge.",
    "Det var godt at se, at de heller ikke er færdige.",
    "Der skulle have været mere tid til at spørge.",
    "Gæsten stillede spørgsmål, vi selv var holdt op med at stille.",
    "",
)
OPEN_WISHES = (
    ("Jeg vil gerne se, hvordan et lille socialkontor holder styr på lange sager.", ("social-indsats",)),
    ("Jeg vil gerne følge et sted, hvor politi og kommune sidder sammen.", ("politi-retsvaesen",)),
    (
        "Jeg vil gerne se et køkken, der har skåret madspild ned uden at gøre maden kedelig.",
        ("klima-energi",),
    ),
    ("Jeg vil gerne se busplanlægning, hvor chaufførerne er med.", ("transport",)),
)
"""»I would like to see …«: the text and its subject areas."""
