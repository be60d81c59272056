"""The first reasons that editors can choose; they keep the list themselves afterwards."""

from django.db import migrations

REASONS = [
    ("rejected", "Findes allerede", "Eksemplet findes allerede på portalen. Du kan føje det, I gjorde anderledes, til den side, der står der."),
    ("rejected", "Reklame", "Teksten sælger en vare eller en ydelse. Portalen viser kun det, offentlige arbejdspladser selv har prøvet."),
    ("rejected", "Ikke prøvet endnu", "Et eksempel er noget, der er gennemført. Skriv gerne igen, når I har prøvet det af."),
    ("rejected", "Uden for portalens emne", "Det handler ikke om innovation i den offentlige sektor, så vi viser det ikke her."),
    ("rejected", "Klage over en afgørelse eller en person", "Portalen behandler ikke klager. Skriv til den myndighed, det handler om; den skal også fortælle dig, hvordan du klager."),
    ("rejected", "Andres private forhold", "Teksten fortæller om andres private forhold, for eksempel helbred. Det må vi ikke vise."),
    ("returned", "Hvad kom der ud af det?", "Kan du skrive lidt om, hvad der blev anderledes, og hvordan I ved det? Det er i orden, hvis det ikke er målt."),
    ("returned", "Hvornår og hvor?", "Kan du skrive, hvornår det var, og på hvilken arbejdsplads?"),
    ("returned", "Billedet mangler en beskrivelse", "Skriv, hvad billedet viser, så også den, der ikke kan se det, får det med."),
    ("returned", "Navne på andre", "Du nævner andre ved navn. Kan du tage navnene ud, eller har de sagt ja?"),
]


def load(apps, schema_editor):
    reason = apps.get_model("editorial", "StandardReason")
    for position, (outcome, title, text) in enumerate(REASONS):
        reason.objects.get_or_create(title=title, defaults={"outcome": outcome, "text": text, "position": position})


class Migration(migrations.Migration):
    dependencies = [("editorial", "0006_queue_and_receipts")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
