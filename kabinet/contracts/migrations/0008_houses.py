"""Houses, and who holds a household's account; docs/adr/0013."""

import django.db.models.deletion
import kabinet.infra.ids
from django.db import migrations, models

KEY = """
ALTER TABLE contracts_contract ADD CONSTRAINT contract_of_house
    FOREIGN KEY (provider_id, house_id) REFERENCES contracts_house (provider_id, id);
"""
NO_KEY = "ALTER TABLE contracts_contract DROP CONSTRAINT contract_of_house"


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0007_access_request'),
        ('providers', '0002_billing_heard_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='contract',
            name='area',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='contract',
            name='holder_first',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='contract',
            name='holder_last',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='contract',
            name='holder_middle',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='contract',
            name='owners',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='contract',
            name='residents',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='contract',
            name='rooms',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.CreateModel(
            name='House',
            fields=[
                ('id', models.UUIDField(default=kabinet.infra.ids.new, primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=20)),
                ('external_id', models.CharField(max_length=64)),
                ('version', models.BigIntegerField()),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('address', models.CharField(max_length=240)),
                ('house_type', models.CharField(choices=[('gas_stove', 'gas_stove'), ('electric_stove', 'electric_stove'), ('electric_heating', 'electric_heating')], max_length=20)),
                ('settlement', models.CharField(choices=[('city', 'city'), ('village', 'village')], max_length=10)),
                ('total_area', models.DecimalField(decimal_places=2, max_digits=10)),
                ('common_area', models.DecimalField(decimal_places=2, max_digits=10)),
                ('has_house_meter', models.BooleanField(default=False)),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='providers.provider')),
            ],
        ),
        migrations.AddField(
            model_name='contract',
            name='house',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='contracts.house'),
        ),
        migrations.AddIndex(
            model_name='contract',
            index=models.Index(condition=models.Q(('house__isnull', False)), fields=['house'], name='contract_by_house'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('area__isnull', True), ('area__gt', 0), _connector='OR'), models.Q(('rooms__isnull', True), ('rooms__gt', 0), _connector='OR')), name='household_has_room'),
        ),
        migrations.AddConstraint(
            model_name='house',
            constraint=models.UniqueConstraint(fields=('provider', 'source', 'external_id'), name='house_external_id_once'),
        ),
        migrations.AddConstraint(
            model_name='house',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='house_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='house',
            constraint=models.UniqueConstraint(fields=('provider', 'id'), name='house_in_provider'),
        ),
        migrations.AddConstraint(
            model_name='house',
            constraint=models.CheckConstraint(condition=models.Q(('common_area__gte', 0), ('total_area__gt', 0)), name='house_areas_are_sane'),
        ),
        migrations.RunSQL(KEY, NO_KEY),
    ]
