"""Requisites of a contract, papers that billing uploads, annexes under one key; docs/adr/0013."""

import django.contrib.postgres.fields
import django.db.models.deletion
import kabinet.infra.ids
from django.db import migrations, models


KEYS = """
ALTER TABLE contracts_annex ADD CONSTRAINT annex_of_contract
    FOREIGN KEY (provider_id, contract_id) REFERENCES contracts_contract (provider_id, id);
ALTER TABLE contracts_annex ADD CONSTRAINT annex_of_paper
    FOREIGN KEY (provider_id, paper_id) REFERENCES contracts_paper (provider_id, id);
"""
NO_KEYS = """
ALTER TABLE contracts_annex DROP CONSTRAINT annex_of_contract;
ALTER TABLE contracts_annex DROP CONSTRAINT annex_of_paper;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0004_membership_expires'),
        ('infra', '0005_audit_chain'),
        ('providers', '0002_billing_heard_at'),
    ]

    operations = [
        migrations.CreateModel(
            name='Annex',
            fields=[
                ('id', models.UUIDField(default=kabinet.infra.ids.new, primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=20)),
                ('external_id', models.CharField(max_length=64)),
                ('version', models.BigIntegerField()),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('number', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=240)),
                ('signed_on', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.UUIDField(default=kabinet.infra.ids.new, primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64)),
                ('uploaded_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='contract',
            name='bank_account',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='contract',
            name='bank_name',
            field=models.CharField(blank=True, max_length=240),
        ),
        migrations.AddField(
            model_name='contract',
            name='bic',
            field=models.CharField(blank=True, max_length=9),
        ),
        migrations.AddField(
            model_name='contract',
            name='correspondent_account',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='contract',
            name='emails',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name='contract',
            name='legal_address',
            field=models.CharField(blank=True, max_length=240),
        ),
        migrations.AddField(
            model_name='contract',
            name='ogrn',
            field=models.CharField(blank=True, max_length=15),
        ),
        migrations.AddField(
            model_name='contract',
            name='phone',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='contract',
            name='postal_address',
            field=models.CharField(blank=True, max_length=240),
        ),
        migrations.AddField(
            model_name='contract',
            name='price_category',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='contract',
            index=models.Index(fields=['provider', 'number_key'], name='contract_by_number'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('price_category__isnull', True), ('price_category__range', (1, 6)), _connector='OR'), name='price_category_is_known'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('emails', models.Func(models.F('emails'), output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None), template='lower((%(expressions)s)::text)::text[]'))), name='contract_emails_are_lower_case'),
        ),
        migrations.AddField(
            model_name='annex',
            name='contract',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='annexes', to='contracts.contract'),
        ),
        migrations.AddField(
            model_name='annex',
            name='provider',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='providers.provider'),
        ),
        migrations.AddField(
            model_name='paper',
            name='provider',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='providers.provider'),
        ),
        migrations.AddField(
            model_name='paper',
            name='stored',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='infra.storedfile'),
        ),
        migrations.AddField(
            model_name='annex',
            name='paper',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='contracts.paper'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(fields=('provider', 'sha256'), name='paper_once'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(fields=('provider', 'id'), name='paper_in_provider'),
        ),
        migrations.AddConstraint(
            model_name='annex',
            constraint=models.UniqueConstraint(fields=('provider', 'source', 'external_id'), name='annex_external_id_once'),
        ),
        migrations.AddConstraint(
            model_name='annex',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='annex_ends_after_start'),
        ),
        migrations.RunSQL(KEYS, NO_KEYS),
    ]
