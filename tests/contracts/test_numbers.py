"""Numbers are compared alike by the database, which keeps their keys, and by Python, which makes one when asked."""

import pytest
from django.db import connection

from kabinet.contracts.models import CONTRACT_NUMBER_KEY_SQL, METER_NUMBER_KEY_SQL
from kabinet.contracts.rules.numbers import number_key
from kabinet.kernel.digits import meter_number_key

NUMBERS = [
    "10240", "00117", "000", "0", "10240/В", "10240/b", "12.5/7", "№ 011774", "АБ-0117-74", "б/н", "1²", "١٢", " 17 ",
    "ё-Ё/dz",
    "ХВС-17", "XBC-17", "/", ".", "…", "0012 34", "7" * 40,
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("number", NUMBERS)
def test_database_and_python_make_one_key(number):
    with connection.cursor() as cursor:
        told = [told_by(cursor, sql, number) for sql in (CONTRACT_NUMBER_KEY_SQL, METER_NUMBER_KEY_SQL)]

    assert told == [number_key(number), meter_number_key(number)]


def told_by(cursor, sql, number):
    cursor.execute(f"SELECT {sql % {'expressions': 'given.number'}} FROM (VALUES (%s)) AS given (number)", [number])
    return cursor.fetchone()[0]
