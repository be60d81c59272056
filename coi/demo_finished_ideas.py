"""The texts of the storm that is over: ideas with their answers, comments and news. All invented."""

from __future__ import annotations

from dataclasses import dataclass

from ideastorm.choices import AnswerStatus

FURTHER, PARTLY, EXISTS, SENT_ON, NOT_NOW, OUTSIDE = AnswerStatus


@dataclass(frozen=True)
class Given:
    """An idea, and the answer to it. `by` is one of the demonstration's accounts, or empty: without an account."""

    title: str
    text: str
    tag: str
    status: AnswerStatus = FURTHER
    reason: str = ""
    by: str = ""
    authority: str = ""


ANSWERED = (
    Given("Ring mig op i stedet for at sætte mig i kø", "Lad mig taste mit nummer og lægge på. Så ringer I, når det er min tur.", "telefon", FURTHER, "Vi prøver det på to telefonlinjer i et halvt år. Borgerservice tæller, hvor mange der bliver ringet op samme dag.", "borger"),  # noqa: E501
    Given("Vis ventetiden på forsiden", "Skriv, hvor længe man venter lige nu, og hvornår der plejer at være kortest kø.", "telefon", FURTHER, "Telefonsystemet kender tallet i forvejen. Det kommer på forsiden, når tallene har været rigtige i en måned."),  # noqa: E501
    Given("Book en tid om aftenen", "Én aften om ugen, hvor man kan få en tid efter klokken 18.", "åbningstid", PARTLY, "Åbningstiderne ligger fast til nytår. Samtaler på video kan vi godt lægge om aftenen, og det begynder vi med."),  # noqa: E501
    Given("Send en sms, når sagen flytter sig", "Jeg ringer kun for at høre, om der er sket noget. En sms ville spare os begge for det.", "sager", FURTHER, "Det er det forslag, flest ansatte også har nævnt. Vi begynder med sager om hjælpemidler."),  # noqa: E501
    Given("Én, der kender hele sagen", "Giv mig ét navn, også når sagen går fra ét kontor til et andet.", "sager", PARTLY, "Ved sager, der går gennem tre kontorer eller flere, får du én indgang. I de korte sager ville det gøre vejen længere."),  # noqa: E501
    Given("Tal i stedet for at taste", "Lad mig sige, hvad det drejer sig om, i stedet for at vælge mellem ni tal.", "telefon", NOT_NOW, "Vi har hørt det prøvet, og det forstod ikke alle dialekter. Vi ser på det igen, når aftalen om telefoner udløber om to år."),  # noqa: E501
    Given("Tjekliste, før jeg søger", "En liste over de papirer, I skal bruge. I dag får jeg besked om ét ad gangen.", "sager", EXISTS, "Det har andre lavet, og vi overtager deres liste. Du kan læse, hvordan de gjorde."),  # noqa: E501
    Given("Del en liste over de ti mest stillede spørgsmål", "Vi svarer på det samme hver dag, hver for sig. Skriv svarene ét sted.", "viden", EXISTS, "Det findes allerede et andet sted, og vi har fået lov at bruge det. Første udgave ligger på den fælles side.", "medarbejder"),  # noqa: E501
    Given("Kortere behandling af pas", "Pas tog seks uger. Det ville hjælpe at vide det, før jeg købte billetter.", "pas", SENT_ON, "Vi tager imod ansøgningen, men passet bliver lavet et andet sted. Vi har sendt din idé til dem, der kan ændre det.", "", "Politiet"),  # noqa: E501
    Given("Lad biblioteket hjælpe med det enkle", "Mange spørger os alligevel. Med en times oplæring kan vi hjælpe dem videre.", "viden", FURTHER, "To biblioteker begynder med oplæring. Sager med personlige oplysninger bliver hos Borgerservice.", "anden"),  # noqa: E501
    Given("Fast time til dem uden MitID", "En time om dagen, hvor man kan komme uden tid og uden MitID.", "åbningstid", PARTLY, "Det bliver to gange om ugen, for der var næsten ingen de andre dage, da vi prøvede. Det står nu på døren."),  # noqa: E501
    Given("Svar på mail samme dag", "Bare en linje om, at den er læst, og hvornår jeg hører fra jer.", "mail", NOT_NOW, "En linje, ingen har skrevet, hjælper dig ikke. Vi vil hellere svare rigtigt inden for tre dage og melder tallet ud hver måned."),  # noqa: E501
    Given("Færre skemaer til skift af skole", "Jeg skrev det samme tre gange. Lad skolerne dele det, de allerede ved.", "skole", FURTHER, "Tre skemaer bliver til ét fra næste skoleår. Du siger selv ja til, hvad skolerne må dele."),  # noqa: E501
    Given("Kø på lægevagten", "Her ventede jeg to timer i telefonen en lørdag.", "telefon", SENT_ON, "Lægevagten hører under regionen. Vi har sendt din historie videre og bedt dem svare dig her.", "", "Regionen"),  # noqa: E501
    Given("Bedre parkering ved rådhuset", "Der er aldrig plads om formiddagen.", "andet", OUTSIDE, "Det handler ikke om ventetid hos os. Parkering er med i planen for torvet, som er i høring til foråret."),  # noqa: E501
    Given("Skærm i venteværelset", "Vis, hvor mange der er foran. Så kan man nå at hente en kop kaffe.", "åbningstid", FURTHER, "Skærmen havde vi, men den viste reklamer. Nu viser den numrene."),  # noqa: E501
    Given("Mød op to minutter før", "Skriv i indkaldelsen, at det er nok. I dag står der et kvarter.", "åbningstid", PARTLY, "Vi har rettet det i indkaldelser til samtaler. Til vielser er et kvarter stadig nødvendigt."),  # noqa: E501
    Given("Luk en dag for at komme efter det", "Luk telefonen en dag om måneden, og få de gamle sager væk.", "sager", NOT_NOW, "Den, der har brug for hjælp netop den dag, ville vente længere. Vi prøver i stedet en formiddag uden møder.", "vaert"),  # noqa: E501
    Given("Oversæt de fem vigtigste sider", "Mange ringer, fordi de ikke forstår siden.", "viden", NOT_NOW, "Vi har ikke penge til det i år. De fem sider bliver skrevet om i et lettere dansk først; så er de også lettere at oversætte."),  # noqa: E501
    Given("Send byggesager den rigtige vej første gang", "Min sag lå to uger hos de forkerte. Et enkelt spørgsmål i skemaet havde klaret det.", "byggeri", FURTHER, "Spørgsmålet er kommet i skemaet. Vi måler, hvor mange sager der skifter kontor."),  # noqa: E501
    Given("Lad mig se, hvor min sag er", "Som med en pakke: modtaget, i gang, venter på mig, færdig.", "sager", EXISTS, "Andre har bygget det, og vi er i gang med at lære af dem. Læs, hvad de ville gøre om."),  # noqa: E501
    Given("Fri telefon til kontanthjælp", "Ventetid koster taletid for dem, der har mindst.", "telefon", OUTSIDE, "Hvad et opkald koster, bestemmer teleselskaberne. Men bliver du ringet op, som en anden foreslår, koster det dig ikke noget."),  # noqa: E501
    Given("Ens svar fra stat og kommune om pension", "Jeg fik tre forskellige svar på det samme.", "sager", SENT_ON, "Beregningen bliver lavet af staten. Vi har sendt dine tre svar videre uden dit navn.", "", "Udbetaling Danmark"),  # noqa: E501
    Given("Tegn vejen gennem rådhuset", "Man går forkert og mister sin tid i køen.", "åbningstid", NOT_NOW, "Rådhuset bliver bygget om til næste år, så en tegning ville snart være forkert. Den kommer med, når vi flytter ind."),  # noqa: E501
    Given("Byt statuer på torvet", "De har stået der længe nok.", "andet", OUTSIDE, "Det er et andet spørgsmål end det, vi stillede. Kunstrådet tager imod forslag hele året."),  # noqa: E501
    Given("Pause i køen, hvis man skal hente børn", "Lad mig beholde min plads en halv time.", "telefon", PARTLY, "Du kan bede om at blive ringet op på et bestemt klokkeslæt, når det begynder. En plads i køen kan vi ikke holde."),  # noqa: E501
)  # fmt: skip
"""The last one was raised from the first comment."""
MERGED = Given(
    "Ring tilbage, når der er tid",
    "Tag mit nummer, og ring om eftermiddagen. Det må gerne være sent.",
    "telefon",
)
"""Read under the first."""
COMMENTS = (
    (0, "medarbejder", "Hvis man kunne bestemme klokkeslættet, kunne man også hente børn imens.", "Det er en god idé i sig selv. Skriv den gerne for sig."),  # noqa: E501
    (0, "borger", "Men hvad, hvis jeg ikke kan høre telefonen den dag?", "Så ringer vi én gang til. Det skal stå, når man lægger på."),  # noqa: E501
    (1, "anden", "Vi har det på biblioteket. Folk kommer faktisk på andre tider nu.", ""),
    (2, "medarbejder", "Vi er tre, der gerne tager en aften, hvis vi må møde senere næste dag.", ""),
    (3, "borger", "Husk dem, der ikke har mobil.", "De får et brev som i dag."),
    (4, "anden", "Et navn er også en telefon, der er optaget. Hvem tager den, når der er ferie?", ""),
    (6, "vaert", "Vi laver en for flytning allerede.", ""),
    (7, "borger", "Må vi andre også læse svarene?", "Ja, de bliver lagt åbent frem."),
    (9, "medarbejder", "Vi kan komme over og lære fra os om onsdagen.", ""),
    (12, "borger", "Det samme gælder dagtilbud.", ""),
    (15, "anden", "Husk et tal, man kan læse bagest i rummet.", ""),
    (19, "medarbejder", "Det sker også for ansøgninger om hjælpemidler.", "Tak, det tager vi med."),
    (20, "borger", "Der skal stå en dato, ellers er det ligegyldigt.", ""),
)  # fmt: skip
"""Idea, account, comment, reply."""
NEWS = (
    (0, 96, "To linjer er begyndt at ringe op. Det, vi lærte om at tage godt imod, gik videre til et projekt.", True),
    (3, 110, "De første har fået en sms om deres hjælpemiddel. Der bliver ringet en tredjedel mindre om dem.", False),
    (12, 118, "Det nye skema er prøvet på to skoler, og elevrådet har rettet i det.", False),
)  # fmt: skip
"""Idea, days after opening, text, and whether it became the project."""
