"""Prices, norms, rates and the months of houses."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import kabinet.contracts.values
import kabinet.infra.ids
from django.db import migrations, models


KEY = """
ALTER TABLE tariffs_housemonth ADD CONSTRAINT month_of_house
    FOREIGN KEY (provider_id, house_id) REFERENCES contracts_house (provider_id, id);
"""
NO_KEY = "ALTER TABLE tariffs_housemonth DROP CONSTRAINT month_of_house"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contracts', '0008_houses'),
        ('providers', '0002_billing_heard_at'),
    ]

    operations = [
        migrations.CreateModel(
            name='HouseMonth',
            fields=[
                ('id', models.UUIDField(default=kabinet.infra.ids.new, primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=20)),
                ('external_id', models.CharField(max_length=64)),
                ('version', models.BigIntegerField()),
                ('month', models.DateField()),
                ('resource', models.CharField(choices=[('electricity', 'electricity'), ('cold_water', 'cold_water'), ('hot_water', 'hot_water'), ('sewage', 'sewage'), ('heat', 'heat')], max_length=16)),
                ('has_house_meter', models.BooleanField(default=False)),
                ('norm', models.DecimalField(decimal_places=6, max_digits=14, null=True)),
                ('total_area', models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ('common_area', models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ('house_volume', models.DecimalField(decimal_places=4, max_digits=16, null=True)),
                ('nonresidential_volume', models.DecimalField(decimal_places=4, default=0, max_digits=16)),
                ('norm_volume', models.DecimalField(decimal_places=4, default=0, max_digits=16)),
                ('meter_volume', models.DecimalField(decimal_places=4, default=0, max_digits=16)),
                ('utility_volume', models.DecimalField(decimal_places=4, default=0, max_digits=16)),
                ('house', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='months', to='contracts.house')),
                ('provider', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='providers.provider')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('provider', 'source', 'external_id'), name='house_month_external_id_once'), models.UniqueConstraint(fields=('house', 'resource', 'month'), name='one_month_of_a_house'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='house_month_is_a_first_day'), models.CheckConstraint(condition=models.Q(('has_house_meter', False), ('house_volume__isnull', False), _connector='OR'), name='house_meter_has_its_volume'), models.CheckConstraint(condition=models.Q(('total_area__isnull', True), ('total_area__gt', 0), _connector='OR'), name='house_month_area_is_sane')],
            },
        ),
        migrations.CreateModel(
            name='Norm',
            fields=[
                ('id', models.UUIDField(default=kabinet.infra.ids.new, primary_key=True, serialize=False)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('resource', models.CharField(choices=[('electricity', 'electricity'), ('cold_water', 'cold_water'), ('hot_water', 'hot_water'), ('sewage', 'sewage'), ('heat', 'heat')], max_length=16)),
                ('kind', models.CharField(choices=[('person', 'person'), ('common_needs', 'common_needs'), ('heating', 'heating'), ('water_heating', 'water_heating')], max_length=16)),
                ('house_type', models.CharField(blank=True, choices=[('gas_stove', 'gas_stove'), ('electric_stove', 'electric_stove'), ('electric_heating', 'electric_heating')], max_length=20)),
                ('settlement', models.CharField(blank=True, choices=[('city', 'city'), ('village', 'village')], max_length=10)),
                ('rooms', models.PositiveSmallIntegerField(default=0)),
                ('people', models.PositiveSmallIntegerField(default=0)),
                ('value', models.DecimalField(decimal_places=6, max_digits=14)),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='providers.provider')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='norm_ends_after_start'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('provider', '='), ('resource', '='), ('kind', '='), ('house_type', '='), ('settlement', '='), ('rooms', '='), ('people', '='), (models.Func('valid_from', 'valid_to', function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='norms_share_no_day'), models.CheckConstraint(condition=models.Q(('value__gte', 0)), name='norm_is_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='PenaltyRate',
            fields=[
                ('id', models.UUIDField(default=kabinet.infra.ids.new, primary_key=True, serialize=False)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('customers', models.CharField(choices=[('business', 'business'), ('household', 'household'), ('communal_provider', 'communal_provider')], max_length=20)),
                ('percent', models.DecimalField(decimal_places=4, max_digits=7)),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='providers.provider')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='penalty_rate_ends_after_start'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('provider', '='), ('customers', '='), (models.Func('valid_from', 'valid_to', function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='penalty_rates_share_no_day'), models.CheckConstraint(condition=models.Q(('percent__gte', 0), ('percent__lte', 100)), name='penalty_rate_is_a_share')],
            },
        ),
        migrations.CreateModel(
            name='Tariff',
            fields=[
                ('id', models.UUIDField(default=kabinet.infra.ids.new, primary_key=True, serialize=False)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('resource', models.CharField(choices=[('electricity', 'electricity'), ('cold_water', 'cold_water'), ('hot_water', 'hot_water'), ('sewage', 'sewage'), ('heat', 'heat')], max_length=16)),
                ('unit', models.CharField(choices=[('kwh', 'kwh'), ('m3', 'm3'), ('gcal', 'gcal')], max_length=4)),
                ('house_type', models.CharField(blank=True, choices=[('gas_stove', 'gas_stove'), ('electric_stove', 'electric_stove'), ('electric_heating', 'electric_heating')], max_length=20)),
                ('settlement', models.CharField(blank=True, choices=[('city', 'city'), ('village', 'village')], max_length=10)),
                ('zones', models.PositiveSmallIntegerField(default=1)),
                ('zone', models.CharField(choices=[('single', 'single'), ('day', 'day'), ('night', 'night'), ('peak', 'peak'), ('half_peak', 'half_peak')], default=kabinet.contracts.values.Zone['SINGLE'], max_length=10)),
                ('range_number', models.PositiveSmallIntegerField(default=1)),
                ('range_end', models.DecimalField(decimal_places=4, max_digits=16, null=True)),
                ('price', models.DecimalField(decimal_places=5, max_digits=14)),
                ('provider', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='providers.provider')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='tariff_ends_after_start'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('provider', '='), ('resource', '='), ('unit', '='), ('house_type', '='), ('settlement', '='), ('zones', '='), ('zone', '='), ('range_number', '='), (models.Func('valid_from', 'valid_to', function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='tariffs_share_no_day'), models.CheckConstraint(condition=models.Q(('price__gte', 0)), name='tariff_is_no_gift'), models.CheckConstraint(condition=models.Q(('range_number__range', (1, 9)), ('zones__range', (1, 3)), models.Q(('range_end__isnull', True), ('range_end__gt', 0), _connector='OR')), name='tariff_zones_and_ranges_are_sane')],
            },
        ),
        migrations.RunSQL(KEY, NO_KEY),
    ]
