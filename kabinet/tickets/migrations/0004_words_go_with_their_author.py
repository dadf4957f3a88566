"""Words and files of a ticket go when its author is erased (I32), and by no other way (I28).

The application may not change what was said; this function may, of tickets whose author is gone. Numbers, days and
states stay: that somebody asked, and was answered, is the provider's own record.
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION tickets_forget_words(gone uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM tickets_ticket WHERE id = ANY (gone) AND (erased_at IS NULL OR author_id IS NOT NULL)) THEN
        RAISE EXCEPTION 'words go with their author alone' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE tickets_ticket SET subject = '', resolution = '', contract_number = '' WHERE id = ANY (gone);
    UPDATE tickets_ticketmessage SET text = '' WHERE ticket_id = ANY (gone);
    RETURN QUERY DELETE FROM tickets_ticketfile f USING tickets_ticketmessage m
        WHERE m.id = f.message_id AND m.ticket_id = ANY (gone) RETURNING f.stored_id;
END $$;
REVOKE ALL ON FUNCTION tickets_forget_words(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tickets_forget_words(uuid[]) TO kabinet_app;
"""
UNMAKE = "DROP FUNCTION tickets_forget_words(uuid[]);"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_services_to_order")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
