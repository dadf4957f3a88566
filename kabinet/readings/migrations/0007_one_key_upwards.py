"""A reading names its register together with the register's contract and provider: one key, and none can stray."""

import django.db.models.deletion
from django.db import migrations, models

KEYS = """
ALTER TABLE readings_reading ADD CONSTRAINT reading_of_register
    FOREIGN KEY (contract_id, provider_id, register_id) REFERENCES contracts_register (contract_id, provider_id, id);
ALTER TABLE readings_acceptedvolume ADD CONSTRAINT accepted_volume_of_supply_point
    FOREIGN KEY (contract_id, provider_id, point_id) REFERENCES contracts_supplypoint (contract_id, provider_id, id);
"""
NO_KEYS = """
ALTER TABLE readings_reading DROP CONSTRAINT reading_of_register;
ALTER TABLE readings_acceptedvolume DROP CONSTRAINT accepted_volume_of_supply_point;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0003_one_key_upwards'),
        ('readings', '0006_reminders'),
    ]

    operations = [
        migrations.AlterField(
            model_name='acceptedvolume',
            name='contract',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='contracts.contract'),
        ),
        migrations.AlterField(
            model_name='acceptedvolume',
            name='point',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='contracts.supplypoint'),
        ),
        migrations.AlterField(
            model_name='reading',
            name='contract',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='contracts.contract'),
        ),
        migrations.AlterField(
            model_name='reading',
            name='register',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='contracts.register'),
        ),
        migrations.RunSQL(KEYS, NO_KEYS),
    ]
