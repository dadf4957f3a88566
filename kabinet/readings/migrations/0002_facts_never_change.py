"""What was sent stays as it was sent: the application inserts submissions and moves their state, nothing else."""

from django.db import migrations

FORBID = """
REVOKE UPDATE, DELETE, TRUNCATE ON readings_submission FROM kabinet_app;
GRANT UPDATE (state, state_at, reason_code, reason, billed_in) ON readings_submission TO kabinet_app;
REVOKE DELETE, TRUNCATE ON readings_reading FROM kabinet_app;
"""
ALLOW = """
GRANT UPDATE, DELETE ON readings_submission TO kabinet_app;
GRANT DELETE ON readings_reading TO kabinet_app;
"""


class Migration(migrations.Migration):
    dependencies = [("readings", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
