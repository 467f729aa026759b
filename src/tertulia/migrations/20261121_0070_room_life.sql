-- Room life: slow mode, announcements, time-outs, the audit trail.

ALTER TABLE rooms
    ADD COLUMN posting text NOT NULL DEFAULT 'everyone' CHECK (posting IN ('everyone', 'moderators')),
    ADD COLUMN thread_replies boolean NOT NULL DEFAULT true,
    ADD COLUMN slow_mode integer NOT NULL DEFAULT 0 CHECK (slow_mode >= 0),
    ADD COLUMN avatar text;

ALTER TABLE members
    -- Written in rooms with slow mode only: nobody else's send touches this row.
    ADD COLUMN spoke_at timestamptz,
    ADD COLUMN timed_out_until timestamptz,
    -- `read_seq` may go back when its owner marks something unread; what others are told of it may
    -- not: this is the highest it was before it went back.
    ADD COLUMN read_high bigint NOT NULL DEFAULT 0;

-- Append-only: who did what to whom, when, why.
CREATE TABLE room_audit (
    room_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor_id uuid NOT NULL,
    action text COLLATE "C" NOT NULL,
    account_id uuid,
    message_id uuid,
    reason text NOT NULL DEFAULT '',
    detail text NOT NULL DEFAULT '',
    PRIMARY KEY (room_id, id)
);
-- The whole server's trail, for its admins.
CREATE INDEX room_audit_server ON room_audit (id);

CREATE FUNCTION room_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only';
END $$;
CREATE TRIGGER room_audit_stays BEFORE UPDATE OR DELETE ON room_audit
    FOR EACH ROW EXECUTE FUNCTION room_audit_is_append_only();
