"""Files of acts become papers of contracts, under the ids that they had."""

import django.db.models.deletion
from django.db import migrations, models

# Checks that wait for the commit would not let the tables be changed.
MOVE = """
INSERT INTO contracts_paper (id, provider_id, stored_id, sha256, uploaded_at)
    SELECT id, provider_id, stored_id, sha256, uploaded_at FROM billing_actfile;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
MOVE_BACK = """
INSERT INTO billing_actfile (id, provider_id, stored_id, sha256, uploaded_at)
    SELECT id, provider_id, stored_id, sha256, uploaded_at FROM contracts_paper;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0001_initial'),
        ('contracts', '0005_papers_and_requisites'),
    ]

    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='reconciliationact',
            name='file',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='contracts.paper'),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, MOVE_BACK),
        migrations.DeleteModel(name='ActFile'),
    ]
