-- Who played a voice message, and whether its author may know of it.
CREATE TABLE voice_listens (
    room_id uuid NOT NULL,
    message_id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts,
    listened_at timestamptz NOT NULL,
    told boolean NOT NULL,
    PRIMARY KEY (room_id, message_id, account_id)
);
