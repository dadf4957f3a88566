"""Which meters had a register follow another of the same quantity and zone; docs/adr/0013."""

from django.db import migrations, models

MARK = """
UPDATE contracts_meter t SET registers_follow = true
WHERE id IN (SELECT meter_id FROM contracts_register GROUP BY meter_id, quantity, zone HAVING count(*) > 1);
UPDATE contracts_register r SET registers_follow = true
FROM contracts_meter m WHERE m.id = r.meter_id AND m.registers_follow;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0001_initial'),
        ('providers', '0002_billing_heard_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='meter',
            name='registers_follow',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='register',
            name='registers_follow',
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
