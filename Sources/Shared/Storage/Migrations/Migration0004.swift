extension Migration {
    /// What a claim writes, made cheaper: one outbox row for a batch, and an update of a link that touches no index.
    ///
    /// An index that looks at a row's status makes every change of status a new entry in every index of the table. So
    /// due dates stand in a table of their own, which triggers fill, and which the expiry worker empties.
    static let lighterClaims = Migration(
        number: 4, name: "lighter claims",
        locking: """
            locks payment_links and outbox while the due dates of ACTIVE links are copied: seconds for millions of links
            """,
        statements: locks + outboxByBatch + room + expirations)

    /// All at once, and in the order in which batches take them: locks that are taken in steps deadlock with batches.
    private static let locks = ["LOCK TABLE payment_links, outbox IN ACCESS EXCLUSIVE MODE"]

    private static let outboxByBatch = [
        "ALTER TABLE outbox ADD COLUMN part_ids uuid[], ADD COLUMN bodies text[]",
        "UPDATE outbox SET part_ids = ARRAY[id], bodies = CASE WHEN body IS NOT NULL THEN ARRAY[body] END",
        "ALTER TABLE outbox ALTER COLUMN part_ids SET NOT NULL, DROP COLUMN body",
    ]

    /// Most links change once. A new version of a row needs no entry in any index if it finds room in the row's own
    /// page; so pages are half filled. Pages that are full already stay as they are.
    private static let room = ["ALTER TABLE payment_links SET (fillfactor = 50)"]

    private static let expirations = [
        """
        CREATE TABLE link_expirations (
            expires_at timestamptz NOT NULL,
            link_id uuid NOT NULL,
            PRIMARY KEY (expires_at, link_id)
        ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000)
        """,
        """
        INSERT INTO link_expirations (expires_at, link_id)
        SELECT expires_at, id FROM payment_links WHERE status = 'ACTIVE' AND expires_at IS NOT NULL
        """,
        "DROP INDEX payment_links_due",
        """
        CREATE FUNCTION schedule_expirations() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO link_expirations (expires_at, link_id)
            SELECT expires_at, id FROM changed WHERE status = 'ACTIVE' AND expires_at IS NOT NULL
            ON CONFLICT DO NOTHING;
            RETURN NULL;
        END
        $$
        """,
        """
        CREATE TRIGGER payment_links_schedule_expirations AFTER INSERT ON payment_links
            REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION schedule_expirations()
        """,
        """
        CREATE FUNCTION reschedule_expiration() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO link_expirations (expires_at, link_id) VALUES (NEW.expires_at, NEW.id)
            ON CONFLICT DO NOTHING;
            RETURN NULL;
        END
        $$
        """,
        """
        CREATE TRIGGER payment_links_reschedule_expiration AFTER UPDATE OF expires_at ON payment_links
            FOR EACH ROW WHEN (NEW.status = 'ACTIVE' AND NEW.expires_at IS DISTINCT FROM OLD.expires_at
                AND NEW.expires_at IS NOT NULL)
            EXECUTE FUNCTION reschedule_expiration()
        """,
    ]
}
