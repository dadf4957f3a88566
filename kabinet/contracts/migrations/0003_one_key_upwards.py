"""One key of several columns leads from each row to the one above it; docs/adr/0013."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

# A meter that begins to change its registers takes them along.
KEYS = """
ALTER TABLE contracts_supplypoint ADD CONSTRAINT supply_point_of_contract
    FOREIGN KEY (provider_id, contract_id) REFERENCES contracts_contract (provider_id, id);
ALTER TABLE contracts_meter ADD CONSTRAINT meter_of_supply_point
    FOREIGN KEY (contract_id, provider_id, point_id) REFERENCES contracts_supplypoint (contract_id, provider_id, id);
ALTER TABLE contracts_register ADD CONSTRAINT register_of_meter
    FOREIGN KEY (contract_id, provider_id, meter_id, registers_follow)
    REFERENCES contracts_meter (contract_id, provider_id, id, registers_follow) ON UPDATE CASCADE;
"""
NO_KEYS = """
ALTER TABLE contracts_supplypoint DROP CONSTRAINT supply_point_of_contract;
ALTER TABLE contracts_meter DROP CONSTRAINT meter_of_supply_point;
ALTER TABLE contracts_register DROP CONSTRAINT register_of_meter;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0002_registers_follow'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='register',
            name='one_register_a_zone',
        ),
        migrations.AlterField(
            model_name='contract',
            name='provider',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='providers.provider'),
        ),
        migrations.AlterField(
            model_name='meter',
            name='contract',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='meters', to='contracts.contract'),
        ),
        migrations.AlterField(
            model_name='meter',
            name='point',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='meters', to='contracts.supplypoint'),
        ),
        migrations.AlterField(
            model_name='meter',
            name='provider',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='providers.provider'),
        ),
        migrations.AlterField(
            model_name='meter',
            name='replaced_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='contracts.meter'),
        ),
        migrations.AlterField(
            model_name='register',
            name='contract',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='registers', to='contracts.contract'),
        ),
        migrations.AlterField(
            model_name='register',
            name='meter',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='registers', to='contracts.meter'),
        ),
        migrations.AlterField(
            model_name='register',
            name='provider',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='providers.provider'),
        ),
        migrations.AlterField(
            model_name='supplypoint',
            name='contract',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='points', to='contracts.contract'),
        ),
        migrations.AlterField(
            model_name='supplypoint',
            name='provider',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='providers.provider'),
        ),
        migrations.AddIndex(
            model_name='meter',
            index=models.Index(condition=models.Q(('replaced_by__isnull', False)), fields=['replaced_by'], name='meter_by_successor'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.UniqueConstraint(fields=('provider', 'id'), name='contract_in_provider'),
        ),
        migrations.AddConstraint(
            model_name='meter',
            constraint=models.UniqueConstraint(fields=('contract', 'provider', 'id', 'registers_follow'), name='meter_in_contract'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.UniqueConstraint(fields=('contract', 'provider', 'id'), name='register_in_contract'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.UniqueConstraint(condition=models.Q(('registers_follow', False)), fields=('meter', 'quantity', 'zone'), name='one_register_a_zone'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('registers_follow', True)), expressions=[('meter', '='), ('quantity', '='), ('zone', '='), (models.Func('valid_from', 'valid_to', function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='registers_that_follow_share_no_day'),
        ),
        migrations.AddConstraint(
            model_name='supplypoint',
            constraint=models.UniqueConstraint(fields=('contract', 'provider', 'id'), name='supply_point_in_contract'),
        ),
        migrations.RunSQL(KEYS, NO_KEYS),
    ]
