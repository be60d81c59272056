"""Drafts of proposals are no longer the catalogue's alone: the table goes to editorial as it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0009_reuse_not_of_ones_own"), ("editorial", "0013_workplaces_for_the_map")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable("ProposalDraft", "editorial_proposaldraft")],
            state_operations=[migrations.DeleteModel("ProposalDraft")],
        )
    ]
