-- What members told those who keep order. `room_id` null: for the server's admins alone.

CREATE TABLE reports (
    id uuid PRIMARY KEY,
    room_id uuid,
    message_id uuid,
    account_id uuid NOT NULL,
    reporter_id uuid NOT NULL,
    category text NOT NULL CHECK (category IN ('spam', 'abuse', 'illegal', 'other')),
    note text NOT NULL DEFAULT '',
    at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved', 'dismissed')),
    decided_by uuid,
    decided_at timestamptz,
    reason text NOT NULL DEFAULT ''
);
CREATE INDEX reports_room ON reports (room_id, id);
CREATE INDEX reports_open ON reports (reporter_id, account_id) WHERE state = 'open';
