"""What is counted again of people, periods, tickets, events and rights; `invariants.py` does it."""

from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID


class Finding(NamedTuple):
    """A row that breaks an invariant, or the name of a right; a file belongs to no contract."""

    contract_id: UUID | None
    row_id: UUID | str


@dataclass(frozen=True, slots=True)
class Recount:
    """A statement that finds the rows which break an invariant; none is right."""

    invariant: str
    says: str
    statement: str


OF_PEOPLE: Final = (
    Recount(
        "I21",
        "who closed the account holds no role",
        """
        SELECT m.contract_id, m.id FROM contracts_membership m JOIN contracts_contract c ON c.id = m.contract_id
        JOIN accounts_enrollment e ON e.user_id = m.user_id AND e.provider_id = c.provider_id
        WHERE m.ended_at IS NULL AND e.closed_at IS NOT NULL
        """,
    ),
    Recount(
        "I32",
        "of an erased person nothing is left that names or opens anything",
        """
        SELECT NULL::uuid, u.id FROM accounts_user u JOIN (
            SELECT user_id AS id FROM accounts_session UNION ALL SELECT user_id FROM accounts_onetimesecret
            UNION ALL SELECT user_id FROM accounts_loginname UNION ALL SELECT user_id FROM accounts_knownbrowser
            UNION ALL SELECT owner_id FROM accounts_keptinput UNION ALL SELECT saved_by_id FROM readings_draft
            UNION ALL SELECT saved_by_id FROM readings_volumedraft
            UNION ALL SELECT given_by_id FROM readings_readingsfile
            UNION ALL SELECT author_id FROM tickets_ticket UNION ALL SELECT user_id FROM tickets_orderdraft
            UNION ALL SELECT user_id FROM contracts_linkrequest
            UNION ALL SELECT user_id FROM contracts_membership WHERE ended_at IS NULL
            UNION ALL SELECT made_by FROM readings_doubtfulreading WHERE comment <> '' OR photo_id IS NOT NULL
            UNION ALL SELECT user_id FROM accounts_enrollment
                WHERE closed_at IS NULL OR (organisation, position, address) <> ('', '', '')
            UNION ALL SELECT e.user_id FROM accounts_consent s JOIN accounts_enrollment e ON e.id = s.enrollment_id
                WHERE (s.address, s.agent) <> ('', '')
        ) left_ USING (id) WHERE u.erased_at IS NOT NULL GROUP BY u.id
        """,
    ),
    Recount(
        "I32",
        "a ticket whose author was erased has no words and no files",
        """
        SELECT t.contract_id, t.id FROM tickets_ticket t
        LEFT JOIN tickets_ticketmessage m ON m.ticket_id = t.id LEFT JOIN tickets_ticketfile f ON f.message_id = m.id
        WHERE t.erased_at IS NOT NULL AND (
            (t.subject, t.resolution, t.contact_name, t.contact_email, t.contact_phone) <> ('', '', '', '', '')
            OR f.id IS NOT NULL OR m.text <> '' AND m.at <= t.erased_at)
        GROUP BY t.contract_id, t.id
        """,
    ),
)
OF_PERIODS: Final = tuple(
    Recount(
        "I17",
        f"{what} came before billing closed their month",
        f"""
        SELECT s.contract_id, s.id FROM {table} s
        JOIN providers_billingperiod p ON p.provider_id = s.provider_id AND p.month = s.month
        WHERE p.state = 'closed' AND s.sent_at > p.closed_at
        """,  # noqa: S608 - names of our own tables
    )
    for what, table in (("readings", "readings_submission"), ("volumes", "readings_sewagevolume"))
)
OF_TICKETS: Final = (
    Recount(
        "I30",
        "a ticket stands in the audit",
        """
        SELECT t.contract_id, t.id FROM tickets_ticket t LEFT JOIN infra_auditrow a
            ON a.act = 'tickets.opened' AND a.target_kind = 'ticket' AND a.target_id = t.id::text
        WHERE a.id IS NULL
        """,
    ),
    Recount(
        "I34",
        "a ticket, its contract and its files are one provider's",
        """
        SELECT t.contract_id, t.id FROM tickets_ticket t LEFT JOIN contracts_contract c ON c.id = t.contract_id
        LEFT JOIN tickets_ticketmessage m ON m.ticket_id = t.id LEFT JOIN tickets_ticketfile f ON f.message_id = m.id
        LEFT JOIN infra_storedfile s ON s.id = f.stored_id
        WHERE c.provider_id <> t.provider_id OR s.provider_id <> t.provider_id GROUP BY t.contract_id, t.id
        """,
    ),
)
OF_EVENTS: Final = (
    Recount(
        "I31",
        "numbers of events have no gaps",
        """
        SELECT e.contract_id, e.uid FROM infra_event e LEFT JOIN infra_event b ON b.seq = e.seq - 1
        WHERE e.seq > 1 AND b.seq IS NULL
        """,
    ),
    Recount(
        "I31",
        "events of a contract are numbered as they came",
        """
        SELECT contract_id, uid FROM (
            SELECT contract_id, uid, seq, lag(seq) OVER (PARTITION BY contract_id ORDER BY ordinal) AS before
            FROM infra_event WHERE seq IS NOT NULL AND contract_id IS NOT NULL
        ) e WHERE seq < before
        """,
    ),
)
# Rights are lost quietly: by a restore past our command, by a helping hand.
OF_RIGHTS: Final = (
    Recount(
        "I1",
        "the application may change state alone of what was sent, and delete none of it",
        """
        SELECT NULL::uuid, attrelid::regclass::text || '.' || attname FROM pg_attribute
        WHERE attrelid IN ('readings_submission'::regclass, 'readings_sewagevolume'::regclass)
        AND attnum > 0 AND NOT attisdropped AND has_column_privilege('kabinet_app', attrelid, attnum, 'UPDATE')
        AND attname NOT IN ('state', 'state_at', 'reason_code', 'reason', 'billed_in')
        UNION ALL SELECT NULL, name FROM unnest(
            ARRAY['readings_submission', 'readings_sewagevolume', 'readings_reading', 'readings_acceptedvolume']
        ) name WHERE has_table_privilege('kabinet_app', name, 'DELETE, TRUNCATE')
        """,
    ),
    Recount(
        "I28",
        "the application may change nothing that was said",
        """
        SELECT NULL::uuid, name FROM unnest(ARRAY['tickets_ticketmessage', 'tickets_ticketfile']) name
        WHERE has_table_privilege('kabinet_app', name, 'DELETE, TRUNCATE')
           OR has_any_column_privilege('kabinet_app', name, 'UPDATE')
        """,
    ),
    Recount(
        "I30",
        "the application may change nothing of the audit, and its trigger stands",
        """
        SELECT NULL::uuid, name FROM unnest(ARRAY['infra_auditrow', 'infra_auditanchor']) name
        WHERE has_table_privilege('kabinet_app', name, 'DELETE, TRUNCATE')
           OR has_any_column_privilege('kabinet_app', name, 'UPDATE')
        UNION ALL SELECT NULL, 'audit_only_grows' WHERE NOT EXISTS (
            SELECT FROM pg_trigger WHERE tgrelid = 'infra_auditrow'::regclass AND tgname = 'audit_only_grows'
            AND tgenabled IN ('O', 'A'))
        """,
    ),
    Recount(
        "I2, I4, I20",
        "every constraint is held by the database for all rows",
        "SELECT NULL::uuid, conname::text FROM pg_constraint WHERE NOT convalidated",
    ),
)
