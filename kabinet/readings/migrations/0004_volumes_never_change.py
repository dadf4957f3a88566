"""Volumes that were sent stay as they were sent, like submissions."""

from django.db import migrations

FORBID = """
REVOKE UPDATE, DELETE, TRUNCATE ON readings_sewagevolume FROM kabinet_app;
GRANT UPDATE (state, state_at, reason_code, reason, billed_in) ON readings_sewagevolume TO kabinet_app;
REVOKE DELETE, TRUNCATE ON readings_acceptedvolume FROM kabinet_app;
"""
ALLOW = """
GRANT UPDATE, DELETE ON readings_sewagevolume TO kabinet_app;
GRANT DELETE ON readings_acceptedvolume TO kabinet_app;
"""


class Migration(migrations.Migration):
    dependencies = [("readings", "0003_volumes")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
