"""What was said stays said (I28): messages and files are inserted, of a ticket only its state and author may change."""

from django.db import migrations

FORBID = """
REVOKE UPDATE, DELETE, TRUNCATE ON tickets_ticketmessage, tickets_ticketfile, tickets_ticket FROM kabinet_app;
GRANT UPDATE (
    status, resolution, last_message_at, is_unread_by_author,
    author_id, contact_name, contact_email, contact_phone, erased_at
) ON tickets_ticket TO kabinet_app;
"""
ALLOW = """
GRANT UPDATE, DELETE ON tickets_ticketmessage, tickets_ticketfile, tickets_ticket TO kabinet_app;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
