"""The role that the application runs as, and what it may do with tables made from here on."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

MAKE_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kabinet_app') THEN
        BEGIN
            CREATE ROLE kabinet_app NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- Another database of this server is being made at the same moment; a role belongs to all of them.
        END;
    END IF;
    -- From PostgreSQL 16 on the creator of a role may grant it, but not act as it before he has granted it to himself.
    IF NOT pg_has_role(current_user, 'kabinet_app', 'USAGE') OR current_setting('server_version_num')::int >= 160000 THEN
        BEGIN
            EXECUTE format('GRANT kabinet_app TO %I', current_user);
        EXCEPTION WHEN unique_violation OR internal_error THEN
            NULL;  -- As above: «tuple concurrently updated» means that the other one has granted it.
        END;
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO kabinet_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO kabinet_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO kabinet_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO kabinet_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO kabinet_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO kabinet_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO kabinet_app;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    # Default privileges concern tables made later; the first migration that touches jobs must find them set.
    run_before = [("procrastinate", "0001_initial"), ("contenttypes", "0001_initial")]
    operations = [
        BtreeGistExtension(),
        migrations.RunSQL(MAKE_ROLE, migrations.RunSQL.noop),
    ]
