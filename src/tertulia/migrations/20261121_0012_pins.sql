-- What a room keeps in sight: at most a hundred messages each. `seq` is that of the event.

CREATE TABLE pins (
    room_id uuid NOT NULL,
    message_id uuid NOT NULL,
    seq bigint NOT NULL,
    pinned_by uuid NOT NULL,
    pinned_at timestamptz NOT NULL,
    PRIMARY KEY (room_id, message_id)
);
