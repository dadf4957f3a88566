"""Nobody changes history: the application may not, and the owner is stopped by the one trigger of the house."""

from django.db import migrations

FORBID = """
REVOKE UPDATE, DELETE, TRUNCATE ON infra_auditrow FROM kabinet_app;
CREATE FUNCTION infra_audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit rows are appended only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON infra_auditrow
    FOR EACH ROW EXECUTE FUNCTION infra_audit_only_grows();
"""
ALLOW = """
DROP TRIGGER audit_only_grows ON infra_auditrow;
DROP FUNCTION infra_audit_only_grows();
GRANT UPDATE, DELETE ON infra_auditrow TO kabinet_app;
"""


class Migration(migrations.Migration):
    dependencies = [("infra", "0002_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
