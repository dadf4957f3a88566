"""Numbers of digits alone are compared without a regular expression; an INN's contract is found by its number.

A generated column cannot learn another expression: it is dropped with its indexes and comes again, with the same values.
"""

from django.db import migrations, models

FOLDED = 'ABCEHKMOPTXYabcehkmoptxyабвгдеёжзийклмнопрстуфхцчшщъыьэюяёЁdfgijlnqrsuvwz'
FOLDED_TO = 'АВСЕНКМОРТХУАВСЕНКМОРТХУАБВГДЕЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЕЕDFGIJLNQRSUVWZ'
CONTRACT_NUMBER = (
    "CASE WHEN translate(%(expressions)s, '0123456789/.', '') = '' THEN %(expressions)s "
    "ELSE translate(regexp_replace(%(expressions)s, '[^0-9A-Za-zА-Яа-яЁё/.]', '', 'g'), '"
    f"{FOLDED}', '{FOLDED_TO}') END"
)
METER_NUMBER = (
    "CASE WHEN translate(%(expressions)s, '0123456789', '') = '' "
    "THEN coalesce(nullif(ltrim(%(expressions)s, '0'), ''), left(%(expressions)s, 1)) "
    "ELSE coalesce(nullif(ltrim(regexp_replace(%(expressions)s, '[^0-9]', '', 'g'), '0'), ''), "
    "left(regexp_replace(%(expressions)s, '[^0-9]', '', 'g'), 1)) END"
)


def number_key(template):
    return models.GeneratedField(
        db_persist=True,
        expression=models.Func(models.F('number'), template=template),
        output_field=models.CharField(max_length=40),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0009_sign_up_requests'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='contract', name='contract_by_inn'),
        migrations.RemoveIndex(model_name='contract', name='contract_by_number'),
        migrations.RemoveField(model_name='contract', name='number_key'),
        migrations.AddField(model_name='contract', name='number_key', field=number_key(CONTRACT_NUMBER)),
        migrations.AddIndex(
            model_name='contract',
            index=models.Index(fields=['provider', 'number_key'], name='contract_by_number'),
        ),
        migrations.RemoveIndex(model_name='meter', name='meter_by_number'),
        migrations.RemoveField(model_name='meter', name='number_key'),
        migrations.AddField(model_name='meter', name='number_key', field=number_key(METER_NUMBER)),
        migrations.AddIndex(
            model_name='meter',
            index=models.Index(fields=['provider', 'number_key'], name='meter_by_number'),
        ),
    ]
