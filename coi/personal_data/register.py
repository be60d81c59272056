"""The register: every table that points at a person, why it may, how long, and what export and erasure do with it.

A model that points at a person and stands in neither TABLES nor NOT_PEOPLE fails a test, and so does a field of a
listed model that erasure says nothing about. docs/privacy.md shows the same table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Basis(Enum):
    """The legal basis (GDPR article 6(1))."""

    TASK = "art. 6, stk. 1, litra e (opgave i samfundets interesse)"
    LAW = "art. 6, stk. 1, litra c (arkivloven, offentlighedsloven og forvaltningsloven)"
    CONSENT = "art. 6, stk. 1, litra a (samtykke)"
    SECURITY = "art. 6, stk. 1, litra e og art. 32 (sikkerhed)"


class Erase(Enum):
    """What erasure does with rows that a field of a table connects with the person."""

    DELETE = "rækken slettes"
    NULL = "feltet tømmes"
    PSEUDONYM = "navnet bliver til »Tidligere bruger« med pseudonym"
    KEY = "står ved den tilfældige nøgle, som ikke længere peger på nogen"
    PASSES = "rækken forsvinder, når den er brugt"
    CLOSE = "slettes; en konto, der har arbejdet i administrationen, lukkes under pseudonym"
    STANDS = "bliver stående"


@dataclass(frozen=True)
class Table:
    """One table. `people` says which fields point at a person, and what erasure does about each.

    `mine` are the lookups from a row to the person whom export gives it to; a field that is no relation holds the
    person's key. `export` are the fields it shows; without, `not_exported` says why. `why` says why something stands.
    """

    model: str
    what: str
    purpose: str
    basis: Basis
    kept: str
    people: dict[str, Erase] = field(default_factory=dict)
    mine: tuple[str, ...] = ()
    export: tuple[str, ...] = ()
    not_exported: str = ""
    why: str = ""


CONTENT = (
    "Så længe siden er offentlig; kladder 12 måneder efter sidste rettelse; afvist eller trukket tilbage 12 måneder "
    "efter svaret, når sagen er journaliseret"
)
WITH_CONTENT = "Som indholdet"
ACCOUNT = "Så længe kontoen findes"
MATTER = (
    "Som sagen: til centrets journalsystem har den; bidrag og rettelser, der er afvist eller trukket tilbage, "
    "og sager, der ikke er bidrag, 12 måneder efter svaret"
)
LOGS = "Så længe portalen findes"
STAY = "24 måneder efter opholdet, eller efter at runden sluttede"
STAFF_DATA = "Oplysninger om andre eller om redaktionens arbejde"

TABLES: tuple[Table, ...] = (
    # -- the account -------------------------------------------------------
    Table(
        "accounts.User", "Konto: mailadresse, navn, adgangskode (som aftryk)", "At kunne logge ind og få svar",
        Basis.TASK, "Til du sletter den; ubrugt i 36 måneder slettes den efter en advarsel; "
        "er adressen ikke bekræftet efter 30 dage, slettes den",
        {"email": Erase.CLOSE, "name": Erase.CLOSE, "key": Erase.KEY}, ("id",),
        ("email", "name", "key", "date_joined", "last_login", "is_staff", "is_active"),
    ),
    Table(
        "accounts.User_groups", "Om kontoen hører til redaktionen", "At styre rettigheder", Basis.TASK, ACCOUNT,
        {"user": Erase.DELETE}, ("user",), ("group",),
    ),
    Table(
        "accounts.User_user_permissions", "Særlige rettigheder", "At styre rettigheder", Basis.TASK, ACCOUNT,
        {"user": Erase.DELETE}, ("user",), ("permission",),
    ),
    Table(
        "account.EmailAddress", "Mailadresser, og om de er bekræftet", "At vide, at adressen er din", Basis.TASK,
        ACCOUNT, {"user": Erase.DELETE, "email": Erase.DELETE}, ("user",), ("email", "verified", "primary"),
    ),
    Table(
        "account.EmailConfirmation", "Bekræftelser på vej", "At vide, at adressen er din", Basis.TASK, "3 dage",
        {"key": Erase.DELETE}, not_exported="Nøglen er en hemmelighed",
    ),
    Table(
        "mfa.Authenticator", "Totrinslogin: app, adgangsnøgler, nødkoder", "At beskytte kontoen", Basis.SECURITY,
        ACCOUNT, {"user": Erase.DELETE}, ("user",), ("type", "created_at", "last_used_at"),
    ),
    Table(
        "socialaccount.SocialAccount", "Login med MitID Erhverv", "At kunne logge ind", Basis.TASK, ACCOUNT,
        {"user": Erase.DELETE, "extra_data": Erase.DELETE}, ("user",),
        ("provider", "uid", "extra_data", "last_login", "date_joined"),
    ),
    Table(
        "socialaccount.SocialToken", "Nøgler fra loginudbyderen", "At kunne logge ind", Basis.TASK, ACCOUNT,
        {"token": Erase.DELETE}, not_exported="Nøglerne er hemmelige",
    ),
    Table(
        "usersessions.UserSession", "Hvor du er logget ind: IP-adresse og browser",
        "At du kan se og afslutte dine logins", Basis.SECURITY, "Til loginnet udløber (to uger)",
        {"user": Erase.DELETE, "ip": Erase.DELETE}, ("user",), ("ip", "user_agent", "created_at", "last_seen_at"),
    ),
    Table(
        "sessions.Session", "Loginnet selv og det, du er ved at sende",
        "At du forbliver logget ind, og at intet går tabt", Basis.TASK, "To uger",
        {"session_data": Erase.DELETE},
        not_exported="Nøglen er en hemmelighed; loginnet ses under »Hvor du er logget ind«",
    ),
    # -- roles at workplaces -----------------------------------------------
    Table(
        "places.Membership", "Din rolle på en arbejdsplads, stilling og begrundelse",
        "At vide, hvem der taler for en arbejdsplads", Basis.TASK, "Så længe rollen gælder, og 24 måneder efter",
        {"user": Erase.DELETE}, ("user",),
        ("workplace", "role", "state", "basis", "title", "note", "trusted", "created_at", "approved_at",
         "confirmed_at", "ended_at"),
    ),
    Table(
        "places.Vouch", "Links, hvor en kollega står inde for en anden", "At vide, at en kollega er ansat",
        Basis.TASK, "30 dage efter, at linket er udløbet",
        {"made_by": Erase.DELETE, "used_by": Erase.NULL, "email": Erase.DELETE}, ("made_by", "used_by"),
        ("workplace", "role", "created_at", "expires_at", "used_at"),
    ),
    Table(
        "places.RoleChange", "Log over roller: hvem gav og fik dem", "At kunne se, hvem der talte for arbejdspladsen",
        Basis.LAW, LOGS, {"user_key": Erase.KEY, "actor_key": Erase.KEY}, ("user_key",),
        ("workplace_name", "role", "what", "before", "after", "reason", "at"),
        why="Loggen skal kunne vise, hvem der havde rettigheder hvornår",
    ),
    # -- what people contribute --------------------------------------------
    Table(
        "editorial.Content", "Det, du har bidraget med", "At dele viden i den offentlige sektor", Basis.TASK, CONTENT,
        {"author": Erase.NULL}, ("author", "receipt__claimed_by"),
        ("kind", "title", "summary", "state", "created_at", "updated_at", "published_at", "slug"),
        why="Offentliggjort indhold bliver stående uden navn; kladder, der aldrig er sendt, slettes",
    ),
    Table(
        "catalogue.Entry", "Indlæggets egne felter, herunder forfattere til litteratur", "At dele viden", Basis.TASK,
        CONTENT, {"authors": Erase.STANDS},
        not_exported="Står med indholdet", why="Forfattere til udgivne værker er nævnt, som de selv har udgivet dem",
    ),
    Table(
        "editorial.ProposalDraft", "En kladde, mens du skriver: det, der ikke er gemt endnu", "At intet går tabt",
        Basis.TASK, "Som kladden", {"pending": Erase.STANDS}, ("content__author",), ("pending",),
        why="Slettes sammen med kladden; når den er sendt, holder rækken intet",
    ),
    Table(
        "catalogue.Story", "God historie: teksten, og det navn, du ville vise", "At dele borgeres gode historier",
        Basis.CONSENT, CONTENT, {"shown_name": Erase.PSEUDONYM}, not_exported="Står med indholdet",
    ),
    Table(
        "catalogue.StoryThanks", "Arbejdspladsens tak for en historie", "At kunne takke", Basis.TASK, WITH_CONTENT,
        {"author": Erase.NULL}, ("author",), ("story", "workplace", "text", "visible", "created_at"),
    ),
    Table(
        "catalogue.Reuse", "Genbrug, du har fortalt om", "At vise, hvad der spreder sig", Basis.TASK, WITH_CONTENT,
        {"told_by": Erase.NULL, "proposed": Erase.STANDS}, ("told_by",),
        ("entry", "workplace", "kind", "phase", "year", "what_changed", "result", "proposed", "created_at"),
        why="En foreslået rettelse handler om arbejdspladsen",
    ),
    Table(
        "catalogue.HardQuestion", "Spørgsmål og svar på en side, og hvem der svarede", "At dele det, der var svært",
        Basis.CONSENT, WITH_CONTENT, {"answered_by": Erase.PSEUDONYM}, ("inquiry__answerer",),
        ("entry", "question", "answer", "answered_by"),
    ),
    Table(
        "catalogue.Inquiry", "Spørgsmål gennem portalen, og svaret", "At du kan spørge dem, der har prøvet det",
        Basis.TASK, "24 måneder efter svaret; vist spørgsmål og svar som indholdet",
        {"asker": Erase.DELETE, "recipient": Erase.NULL, "answerer": Erase.NULL, "tried": Erase.DELETE},
        ("asker", "recipient", "answerer"), ("entry", "question", "answer", "state", "created_at", "answered_at"),
    ),
    Table(
        "catalogue.Inquiry_tried", "Hvem spørgsmålet har været hos", "At det når en, der kan svare", Basis.TASK,
        "Som spørgsmålet", {"user": Erase.DELETE}, not_exported="Ses af spørgsmålene",
    ),
    Table(
        "catalogue.ImportRun", "Filer, som redaktionen har lagt ind", "At kunne følge en import", Basis.TASK, "30 dage",
        {"requested_by": Erase.KEY, "file": Erase.PASSES, "report": Erase.PASSES}, ("requested_by",),
        ("name", "state", "created_at"),
    ),
    # -- storms and ideas ---------------------------------------------------
    Table(
        "ideastorm.Storm", "Hvem der svarer i en idéstorm, og stedfortræderen", "At ideer får svar af en, der kan",
        Basis.TASK, CONTENT, {"answerer": Erase.NULL, "deputy": Erase.NULL}, ("answerer", "deputy"),
        ("title", "question", "opens_at", "closes_at", "promised_on"),
    ),
    Table(
        "ideastorm.Idea", "Din idé: det navn og den arbejdsplads, du ville vise", "At tage imod ideer og svare på dem",
        Basis.TASK, CONTENT, {"shown_name": Erase.PSEUDONYM}, ("author", "receipt__claimed_by"),
        ("storm", "title", "text", "workplace", "shown_as", "shown_name", "sent_late"),
    ),
    Table(
        "ideastorm.Comment", "Kommentarer til ideer", "At tale om ideer", Basis.TASK, WITH_CONTENT,
        {"author": Erase.NULL, "shown_name": Erase.PSEUDONYM, "hidden_by_key": Erase.KEY}, ("author",),
        ("idea", "text", "workplace", "shown_as", "shown_name", "created_at", "hidden_at", "hidden_reason"),
    ),
    Table(
        "ideastorm.Support", "Ideer, du støtter", "At se, hvad mange støtter", Basis.TASK, WITH_CONTENT,
        {"user": Erase.DELETE}, ("user",), ("idea", "created_at"),
    ),
    Table(
        "ideastorm.SupportAddress", "Aftryk af en adresse, der har støttet uden konto", "At ingen støtter to gange",
        Basis.TASK, WITH_CONTENT, {"user": Erase.DELETE, "address_hash": Erase.STANDS},
        not_exported="Aftryk, der kun gælder i én idéstorm og ikke kan føres tilbage til dig",
        why="Kan ikke regnes tilbage til nogen",
    ),
    Table(
        "ideastorm.Follow", "Idéstorme og ideer, du følger", "At fortælle dig, når der er nyt", Basis.CONSENT,
        "Til du stopper", {"user": Erase.DELETE}, ("user",), ("storm", "idea", "created_at", "told_until"),
    ),
    Table(
        "ideastorm.Assignment", "Ideer, du skulle vurdere", "At ideer vurderes af flere", Basis.TASK, WITH_CONTENT,
        {"assessor": Erase.NULL}, ("assessor",), ("idea", "assigned_at", "sent_at"),
    ),
    Table(
        "ideastorm.Score", "Dine point og noter", "At vurdere ideer", Basis.TASK, WITH_CONTENT, {},
        ("assignment__assessor",), ("criterion", "points", "note", "updated_at"),
    ),
    Table(
        "ideastorm.Conflict", "Ideer, du ikke kunne vurdere", "At vurderingen er upartisk", Basis.TASK, WITH_CONTENT,
        {"assessor": Erase.DELETE}, ("assessor",), ("idea", "kind", "note", "created_at"),
    ),
    Table(
        "ideastorm.IdeaAnswer", "Svar på ideer, og hvem der gav dem (tilfældig nøgle)", "At svare på ideer",
        Basis.TASK, LOGS, {"decided_by_key": Erase.KEY}, ("decided_by_key",),
        ("idea", "number", "status", "reason", "authority", "sent_on", "decided_at"),
        why="Et svar, der er givet, ændres ikke",
    ),
    Table(
        "ideastorm.IdeaNews", "Nyt om ideer, og hvem der skrev det (tilfældig nøgle)", "At fortælle, hvad der skete",
        Basis.TASK, WITH_CONTENT, {"written_by_key": Erase.KEY}, ("written_by_key",),
        ("idea", "text", "happened_on", "created_at"),
    ),
    Table(
        "ideastorm.IdeaMerge", "Hvem der lagde ideer sammen (tilfældig nøgle)", "At kunne skille dem ad igen",
        Basis.TASK, LOGS, {"made_by_key": Erase.KEY, "undone_by_key": Erase.KEY}, not_exported=STAFF_DATA,
    ),
    Table(
        "ideastorm.StormEvent", "Tidligere udgaver af idéstorme", "At kunne rette fejl", Basis.LAW, LOGS,
        {"answerer": Erase.NULL, "deputy": Erase.NULL}, not_exported="Ses af »Ændringer, du har lavet«",
    ),
    Table(
        "ideastorm.IdeaEvent", "Tidligere udgaver af ideer", "At kunne rette fejl", Basis.LAW, LOGS,
        {"shown_name": Erase.PSEUDONYM}, not_exported="Ses af »Ændringer, du har lavet«",
    ),
    Table(
        "ideastorm.CommentEvent", "Tidligere udgaver af kommentarer, uden hvem der skrev dem", "At kunne rette fejl",
        Basis.LAW, LOGS, {"hidden_by_key": Erase.KEY}, not_exported="Ses af »Ændringer, du har lavet«",
    ),
    # -- Innovationspraktik --------------------------------------------------
    Table(
        "practicum.LeaderApproval", "Spørgsmål til en leder, og hvad lederen svarede",
        "At ingen er væk fra sit arbejde uden lederens ja", Basis.TASK, STAY,
        {"email": Erase.PASSES, "answered_by_name": Erase.STANDS},
        ("offer__author", "application__guest"), ("days", "first_day", "last_day", "asked_at", "answer", "answered_at"),
        why="Lederens svar hører til det, der blev spurgt om, og slettes sammen med det",
    ),
    Table(
        "practicum.Application", "Ansøgninger om et praktikophold", "At finde en plads til dig", Basis.TASK, STAY,
        {"guest": Erase.DELETE}, ("guest",),
        ("round", "workplace", "state", "motivation", "brings_home", "gives", "subject_areas", "days", "possible_days",
         "municipality", "travel_km", "certificates", "created_at", "sent_at", "ready_at"),
    ),
    Table(
        "practicum.Wish", "Dine ønsker, i den orden du satte dem", "At finde en plads til dig", Basis.TASK, STAY, {},
        ("application__guest",), ("offer", "rank"),
    ),
    Table(
        "practicum.HostMark", "Værtens mening om en ansøgning", "At parre gæst og vært", Basis.TASK, STAY, {},
        ("application__guest",), ("offer", "mark", "note", "updated_at"),
    ),
    Table(
        "practicum.MatchRun", "Hvem der kørte parringen (tilfældig nøgle)", "At kunne se, hvad der blev sendt",
        Basis.TASK, LOGS, {"made_by_key": Erase.KEY}, not_exported=STAFF_DATA,
    ),
    Table(
        "practicum.MatchLine", "Hvad parringen kom til om din ansøgning, og hvorfor", "At parre gæst og vært",
        Basis.TASK, STAY, {}, ("application__guest",), ("offer", "made", "wish", "score", "facts", "missed"),
    ),
    Table(
        "practicum.MatchPin", "Hvad redaktionen har bestemt om en ansøgning og en plads, og hvem (tilfældig nøgle)",
        "At parre gæst og vært", Basis.TASK, STAY, {"made_by_key": Erase.KEY}, ("application__guest",),
        ("offer", "kind", "reason", "created_at"),
    ),
    Table(
        "practicum.DirectRequest", "Ansøgninger direkte til en vært", "At finde en plads til dig", Basis.TASK, STAY, {},
        ("application__guest",), ("offer", "state", "created_at", "answered_at", "reason"),
    ),
    Table(
        "practicum.RequestMessage", "Spørgsmål og svar mellem vært og gæst", "At aftale et ophold", Basis.TASK, STAY,
        {"author": Erase.NULL}, ("author", "request__application__guest"), ("side", "text", "created_at"),
    ),
    Table(
        "practicum.OpenWish", "Ønsker uden en bestemt plads", "At værter kan se, hvad der mangler", Basis.TASK, STAY,
        {"guest": Erase.DELETE}, ("guest",),
        ("round", "text", "subject_areas", "sector", "region", "created_at", "closed_at"),
    ),
    Table(
        "practicum.OpenWishAnswer", "Svar på ønsker, og hvem der skrev dem (tilfældig nøgle)", "At svare på ønsker",
        Basis.TASK, STAY, {"written_by_key": Erase.KEY}, ("written_by_key",),
        ("workplace", "offer", "text", "created_at"), why="Svaret er arbejdspladsens og slettes sammen med ønsket",
    ),
    Table(
        "practicum.Stay", "Dine praktikophold", "At I kan mødes", Basis.TASK,
        "Uden dit navn så længe portalen findes, til at tælle ophold", {"guest": Erase.NULL}, ("guest",),
        ("offer", "round", "guest_workplace", "origin", "state", "starts_on", "ends_on", "days", "cancelled_by",
         "reason", "created_at"),
    ),
    Table(
        "practicum.StayEvent", "Tidligere udgaver af ophold, uden hvem der var gæst", "At kunne rette fejl", Basis.LAW,
        LOGS, {}, not_exported="Ses af opholdet selv",
    ),
    Table(
        "practicum.Agreement", "Aftaler om dine ophold", "At I ved, hvad I kan vente", Basis.TASK, STAY,
        {"contact": Erase.STANDS}, ("stay__guest",),
        ("stay", "number", "written_by", "starts_on", "ends_on", "purpose", "programme", "contact", "gives",
         "confidentiality", "certificates", "consent", "expenses", "insurance", "working_time", "created_at",
         "guest_signed_at", "host_signed_at"),
        why="Aftalen er begges; den slettes, når opholdet er 24 måneder gammelt",
    ),
    Table(
        "practicum.Evaluation", "Det, du sagde om et ophold bagefter", "At gøre det bedre", Basis.TASK, STAY, {},
        ("stay__guest",), ("stay", "side", "could_use", "recommends", "as_expected", "text", "created_at"),
    ),
    Table(
        "practicum.SavedSearch", "Praktikpladser, du vil have besked om", "At fortælle dig om nye pladser",
        Basis.CONSENT, "Til du stopper", {"user": Erase.DELETE}, ("user",),
        ("querystring", "created_at", "told_until"),
    ),
    Table(
        "practicum.FollowUp", "Det, du har brugt", "At vise, hvad der spreder sig", Basis.TASK, STAY, {},
        ("stay__guest",), ("stay", "asked_at", "answered_at", "used", "entry"),
    ),
    Table(
        "editorial.Change", "Rettelser, du har foreslået", "At holde siderne rigtige", Basis.TASK, MATTER,
        {"author": Erase.NULL, "base": Erase.PSEUDONYM, "proposed": Erase.PSEUDONYM}, ("author",),
        ("target", "proposed", "note", "state", "created_at", "submitted_at"),
        why="Kladder slettes; det, der er sendt, er en sag",
    ),
    Table(
        "editorial.Contact", "Navngiven kontakt på en side", "At andre kan spørge", Basis.CONSENT,
        "Til samtykket trækkes tilbage", {"name": Erase.DELETE, "email": Erase.DELETE, "phone": Erase.DELETE},
        ("email",), ("content", "name", "role", "email", "phone", "consented_on"),
    ),
    Table(
        "editorial.Picture", "Billeder med alternativ tekst og fotograf", "At vise det, der fortælles om", Basis.TASK,
        WITH_CONTENT, {"credit": Erase.STANDS}, not_exported="Står med indholdet",
        why="Fotografen skal nævnes efter ophavsretsloven",
    ),
    # -- senders without account -------------------------------------------
    Table(
        "editorial.Receipt", "Kvittering (kun aftrykket af koden)", "At du kan følge det, du har sendt", Basis.TASK,
        WITH_CONTENT, {"claimed_by": Erase.NULL}, ("claimed_by",), ("content", "created_at", "claimed_at"),
    ),
    Table(
        "editorial.SenderContact", "Mailadresse på en, der har sendt noget uden konto", "At kunne spørge dig",
        Basis.CONSENT, "12 måneder efter svaret; straks, når en konto overtager kvitteringen",
        {"email": Erase.DELETE}, ("receipt__claimed_by",), ("email",),
    ),
    Table(
        "editorial.Consent", "Samtykke til offentliggørelse", "At kunne vise, hvad du sagde ja til", Basis.LAW,
        WITH_CONTENT, {}, ("content__author", "content__receipt__claimed_by"),
        ("what", "version", "given_at", "withdrawn_at"),
    ),
    # -- matters -----------------------------------------------------------
    Table(
        "editorial.QueueItem", "Sager: det, der er sendt til redaktionen", "At kunne svare dig", Basis.LAW, MATTER,
        {"sender": Erase.NULL, "claimed_by": Erase.NULL, "decided_by_key": Erase.KEY, "snapshot": Erase.PSEUDONYM,
         "signals": Erase.STANDS}, ("sender",),
        ("kind", "title", "submitted_at", "due_on", "decided_at", "outcome", "snapshot"),
        why="Sager og svar er en myndigheds dokumenter. De skal kunne ses ved aktindsigt og afleveres til arkiv",
    ),
    Table(
        "editorial.Letter", "Breve mellem dig og redaktionen", "At kunne svare dig", Basis.LAW, MATTER,
        {"author": Erase.NULL}, ("author", "item__sender", "item__content__receipt__claimed_by"),
        ("text", "from_editors", "created_at"),
        why="Brevenes tekst er en myndigheds dokumenter og står, som den blev skrevet",
    ),
    Table(
        "editorial.Decision", "Log over svar og offentliggørelser", "At redaktionen kan stå til ansvar", Basis.LAW,
        LOGS, {"actor_key": Erase.KEY}, ("actor_key",), ("title", "action", "before", "reason", "at"),
        why="Loggen kan ikke ændres, heller ikke af redaktionen",
    ),
    Table(
        "editorial.Report", "Henvendelser om en side", "At rette fejl", Basis.TASK,
        "Teksten som sagen; mailadressen til sagen er lukket", {"reporter": Erase.NULL, "email": Erase.DELETE},
        ("reporter",), ("content", "reason", "text", "created_at"), why="Henvendelsen er en del af en sag",
    ),
    # -- being told --------------------------------------------------------
    Table(
        "notices.Notice", "Beskeder til dig", "At du ved, hvad der sker", Basis.TASK,
        "12 måneder; en adresse uden konto 30 dage", {"recipient": Erase.DELETE, "address": Erase.DELETE},
        ("recipient",), ("event", "subject", "text", "created_at", "read_at"),
    ),
    Table(
        "notices.Preference", "Hvor tit du vil have mail", "At du selv bestemmer", Basis.TASK, ACCOUNT,
        {"user": Erase.DELETE}, ("user",), ("event", "frequency"),
    ),
    Table(
        "notices.Suppression", "Adresser, der ikke får mail", "Ikke at skrive til en, der ikke vil eller kan få mail",
        Basis.TASK, "Til adressen virker igen", {"address": Erase.DELETE, "address_hash": Erase.STANDS},
        not_exported="Ved en afmelding har vi kun et aftryk af adressen",
        why="Aftrykket af en adresse, der har sagt nej tak, står, så vi bliver ved med at lade være",
    ),
    Table(
        "notices.OutgoingMail", "Mails på vej", "At sende mailen", Basis.TASK, "Til den er sendt, højst 3 dage",
        {"message": Erase.DELETE}, not_exported="Får du om lidt",
    ),
    # -- logs and history --------------------------------------------------
    Table(
        "admin.LogEntry", "Redaktionens handlinger i administrationen", "At kunne stå til ansvar", Basis.LAW, LOGS,
        {"user": Erase.STANDS, "object_repr": Erase.PSEUDONYM}, ("user",), ("action_time", "action_flag"),
        why="En redaktørs konto lukkes under pseudonym, så loggen står",
    ),
    Table(
        "pghistory.Context", "Hvem der ændrede hvad (tilfældig nøgle)", "At kunne rette fejl og stå til ansvar",
        Basis.LAW, LOGS, {"metadata": Erase.KEY}, not_exported="Ses af »Ændringer, du har lavet«",
    ),
    Table(
        "editorial.ContentEvent", "Tidligere udgaver af indhold", "At kunne rette fejl og stå til ansvar", Basis.LAW,
        LOGS, {"author": Erase.NULL}, not_exported="Ses af »Ændringer, du har lavet«",
        why="Tidligere udgaver af det, der har været offentligt; kladders historik slettes med dem",
    ),
    Table(
        "catalogue.StoryEvent", "Tidligere udgaver af historier", "At kunne rette fejl", Basis.LAW, LOGS,
        {"shown_name": Erase.PSEUDONYM}, not_exported="Ses af »Ændringer, du har lavet«",
    ),
    Table(
        "catalogue.HardQuestionEvent", "Tidligere udgaver af spørgsmål og svar", "At kunne rette fejl", Basis.LAW,
        LOGS, {"answered_by": Erase.PSEUDONYM}, not_exported="Ses af »Ændringer, du har lavet«",
    ),
    Table(
        "catalogue.EntryEvent", "Tidligere udgaver af indlæg", "At kunne rette fejl", Basis.LAW, LOGS,
        {"authors": Erase.STANDS}, not_exported="Ses af »Ændringer, du har lavet«",
        why="Forfattere til udgivne værker er nævnt, som de selv har udgivet dem",
    ),
    Table(
        "editorial.PictureEvent", "Tidligere udgaver af billedtekster", "At kunne rette fejl", Basis.LAW, LOGS,
        {"credit": Erase.STANDS}, not_exported="Ses af »Ændringer, du har lavet«",
        why="Fotografen skal nævnes efter ophavsretsloven",
    ),
    Table(
        "procrastinate.ProcrastinateJob", "Opgaver, der venter eller er udført", "At sende mails og holde orden",
        Basis.TASK, "3 dage efter, at de er udført", {"args": Erase.KEY}, not_exported="Holder kun rækkers nøgler",
    ),
    # -- erasure itself ----------------------------------------------------
    Table(
        "coi.FormerUser", "Pseudonym for en slettet konto", "At samme person har samme pseudonym", Basis.TASK, LOGS,
        {"key_hash": Erase.STANDS}, not_exported="Findes først, når kontoen er slettet",
        why="Kan ikke regnes tilbage til nogen",
    ),
    Table(
        "coi.ErasureRequest", "En sletning, der er i gang", "At kun den rigtige konto slettes", Basis.TASK,
        "Kun mens der slettes", {"user": Erase.DELETE, "asked_by_key": Erase.DELETE},
        not_exported="Findes kun, mens kontoen bliver slettet",
    ),
    Table(
        "coi.Erasure", "Log over slettede konti, uden navn", "At kunne vise, at vi har slettet", Basis.LAW, LOGS,
        {"asked_by_key": Erase.KEY}, not_exported=STAFF_DATA,
    ),
    Table(
        "coi.Warned", "At du er advaret om en sletning", "At du når at sige fra", Basis.TASK, "Til du er der igen",
        {"user": Erase.DELETE}, ("user",), ("at",),
    ),
    # -- guards -------------------------------------------------------------
    Table(
        "guards.Allowance", "Hvor mange forsøg der er brugt (aftryk)", "At holde misbrug ude", Basis.SECURITY,
        "Højst et døgn", {"key": Erase.PASSES}, not_exported="Aftryk, der ikke kan føres tilbage til dig",
    ),
    Table(
        "guards.Receival", "At en formular er modtaget (aftryk)", "At to klik giver én række", Basis.TASK,
        "Nogle dage", {"key": Erase.PASSES}, not_exported="Aftryk, der ikke kan føres tilbage til dig",
    ),
)  # fmt: skip

REGISTER: dict[str, Table] = {table.model: table for table in TABLES}

NOT_PEOPLE: dict[str, str] = {
    "auth.Group": "Gruppers navne",
    "auth.Permission": "Rettigheders navne",
    "catalogue.Measure": "Tal for virkning",
    "coi.Marker": "Hvad der er gjort én gang i databasen",
    "editorial.Reading": "Hvor mange gange en side er åbnet på en dag",
    "editorial.Sought": "Søgninger, der førte til en arbejdsplads, som tal; ord kun fra fem ens om måneden",
    "editorial.StandardReason": "Redaktionens faste begrundelser",
    "editorial.SubjectArea": "Fagområders navne",
    "editorial.SubjectAreaEvent": "Fagområders navne",
    "editorial.Link": "Links og noter om dem",
    "editorial.LinkEvent": "Links og noter om dem",
    "editorial.Tag": "Emners navne",
    "editorial.TagEvent": "Emners navne",
    "editorial.TagSynonym": "Emners navne",
    "editorial.TagSynonymEvent": "Emners navne",
    "ideastorm.Invitation": "Arbejdspladsers links; koden er et aftryk",
    "mapping.Unit": "Innovationsenheders arbejde; kontakten er en tabel for sig",
    "mapping.UnitEvent": "Innovationsenheders arbejde",
    "practicum.RoundFigures": "Tal om en runde, der er slut; ingen grupper på under fem",
    "places.Boundary": "Kommunegrænser og deres kilde",
    "places.BoundaryEvent": "Kommunegrænsers kilde",
    "places.Municipality": "Kommuners navne",
    "places.MunicipalityEvent": "Kommuners navne",
    "places.Region": "Regioners navne",
    "places.RegionEvent": "Regioners navne",
    "places.Workplace": "Arbejdspladser; fællespostkassen er arbejdspladsens og ikke en persons",
    "places.WorkplaceEvent": "Arbejdspladser",
    "places.WorkplaceAlias": "Arbejdspladsers navne",
    "places.WorkplaceAliasEvent": "Arbejdspladsers navne",
    "places.WorkplacePeriod": "Arbejdspladsers navne",
    "places.WorkplacePeriodEvent": "Arbejdspladsers navne",
    "catalogue.StoryThanksEvent": "Arbejdspladsens tak, uden hvem der skrev den",
    "catalogue.ReuseEvent": "Arbejdspladsens genbrug, uden hvem der fortalte om det",
    "procrastinate.ProcrastinatePeriodicDefer": "Hvornår faste opgaver sidst blev sat i gang",
    "search.Document": "Det offentlige, som søgningen ser det",
    "socialaccount.SocialApp": "Loginudbyderens oplysninger",
    "taggit.Tag": "Bruges ikke",
}
"""Models whose fields look like a person's, and why they hold none."""

ALSO = {"places.Workplace.mailbox", "accounts.User.key"}
"""Fields of a hard kind that need no line of their own in `people`: see NOT_PEOPLE, or the table itself."""

SPARED = {
    "editorial.Letter.text": "Breve i en sag er en myndigheds dokumenter",
    "editorial.Report.text": "En henvendelse er en del af en sag",
    "places.Workplace.mailbox": "Fællespostkassen er arbejdspladsens",
    "places.Workplace.note": "Redaktionens note om arbejdspladsen",
}
"""Columns in which an address that somebody wrote stands after an erasure, and why."""
