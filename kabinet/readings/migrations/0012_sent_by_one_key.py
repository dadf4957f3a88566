"""What was sent names its register, or its point, together with contract and provider, as what is accepted does."""

import django.db.models.deletion
from django.db import migrations, models

KEYS = """
ALTER TABLE readings_submission ADD CONSTRAINT submission_of_its_register
    FOREIGN KEY (contract_id, provider_id, register_id) REFERENCES contracts_register (contract_id, provider_id, id);
ALTER TABLE readings_sewagevolume ADD CONSTRAINT volume_of_supply_point
    FOREIGN KEY (contract_id, provider_id, point_id) REFERENCES contracts_supplypoint (contract_id, provider_id, id);
"""
NO_KEYS = """
ALTER TABLE readings_submission DROP CONSTRAINT submission_of_its_register;
ALTER TABLE readings_sewagevolume DROP CONSTRAINT volume_of_supply_point;
"""


def above(to):
    return models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to=to)


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0003_one_key_upwards'),
        ('readings', '0011_covering_index'),
    ]

    operations = [
        migrations.AlterField(model_name='submission', name='contract', field=above('contracts.contract')),
        migrations.AlterField(model_name='submission', name='register', field=above('contracts.register')),
        migrations.AlterField(model_name='sewagevolume', name='contract', field=above('contracts.contract')),
        migrations.AlterField(model_name='sewagevolume', name='point', field=above('contracts.supplypoint')),
        migrations.RunSQL(KEYS, NO_KEYS),
    ]
