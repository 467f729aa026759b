-- Where a message came from, and when it goes.

ALTER TABLE messages ADD COLUMN forwarded jsonb;
ALTER TABLE messages ADD COLUMN expires_at timestamptz;
CREATE INDEX messages_expiring ON messages (expires_at) WHERE expires_at IS NOT NULL;

-- Seconds that a message said in this room lives; null: for ever.
ALTER TABLE rooms ADD COLUMN message_ttl integer CHECK (message_ttl > 0);

-- What is left of messages whose time is up: what the log and retries ask for, no content.
CREATE TABLE expired_messages (
    room_id uuid NOT NULL,
    seq bigint NOT NULL,
    id uuid NOT NULL,
    author_id uuid NOT NULL,
    client_id uuid NOT NULL,
    sent_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (room_id, id),
    UNIQUE (room_id, author_id, client_id)
);

-- Each forwarding of a message, for counting; the copies say themselves where they came from.
CREATE TABLE forwards (
    room_id uuid NOT NULL,
    message_id uuid NOT NULL,
    to_room_id uuid NOT NULL,
    to_message_id uuid NOT NULL,
    PRIMARY KEY (room_id, message_id, to_room_id, to_message_id)
);
