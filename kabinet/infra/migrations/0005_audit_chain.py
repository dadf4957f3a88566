"""The trigger of the audit table also queues each new row for the hash chain, whoever inserts it and how."""

from django.db import migrations

QUEUE = """
REVOKE UPDATE, DELETE, TRUNCATE ON infra_auditanchor FROM kabinet_app;
CREATE OR REPLACE FUNCTION infra_audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO infra_unanchoredrow (row_id) VALUES (NEW.id);
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit rows are appended only' USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER audit_only_grows ON infra_auditrow;
CREATE TRIGGER audit_only_grows BEFORE INSERT OR UPDATE OR DELETE ON infra_auditrow
    FOR EACH ROW EXECUTE FUNCTION infra_audit_only_grows();
INSERT INTO infra_unanchoredrow (row_id) SELECT id FROM infra_auditrow;
"""
LEAVE = """
CREATE OR REPLACE FUNCTION infra_audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit rows are appended only' USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER audit_only_grows ON infra_auditrow;
CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON infra_auditrow
    FOR EACH ROW EXECUTE FUNCTION infra_audit_only_grows();
GRANT UPDATE, DELETE ON infra_auditanchor TO kabinet_app;
"""


class Migration(migrations.Migration):
    dependencies = [("infra", "0004_letters_and_anchors")]
    operations = [migrations.RunSQL(QUEUE, LEAVE)]
