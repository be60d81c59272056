"""Drafts of proposals come from the catalogue; the table is there already (catalogue 0010)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0010_drafts_move_to_editorial"),
        ("editorial", "0013_workplaces_for_the_map"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="ProposalDraft",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("pending", models.JSONField(default=dict, verbose_name="skrevet")),
                        ("beside", models.JSONField(default=dict, verbose_name="skrevet samtidig et andet sted")),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="gemt")),
                        ("change", models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="proposal_draft", to="editorial.change")),
                        ("content", models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="proposal_draft", to="editorial.content")),
                    ],
                    options={
                        "verbose_name": "kladde",
                        "verbose_name_plural": "kladder",
                        "constraints": [models.CheckConstraint(condition=models.Q(("content__isnull", True), ("change__isnull", True), _connector="XOR"), name="proposal_draft_of_one")],
                    },
                )
            ]
        )
    ]
