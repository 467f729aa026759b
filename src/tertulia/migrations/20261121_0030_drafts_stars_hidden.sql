-- What people keep for themselves about rooms and messages. Keys begin with the account.

CREATE TABLE drafts (
    account_id uuid NOT NULL REFERENCES accounts,
    -- The thread's root or else the room: what the draft is for.
    id uuid NOT NULL,
    room_id uuid NOT NULL,
    thread uuid,
    -- Empty: sent or thrown away. The row stays a while, so that a late save cannot bring it back.
    text text NOT NULL,
    reply_to uuid,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX drafts_of_room ON drafts (account_id, room_id);

CREATE TABLE stars (
    account_id uuid NOT NULL REFERENCES accounts,
    room_id uuid NOT NULL,
    message_id uuid NOT NULL,
    starred_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, room_id, message_id)
);
CREATE INDEX stars_newest ON stars (account_id, starred_at, message_id);

-- Messages deleted for one member only: theirs to see no more, on all their devices.
CREATE TABLE hidden_messages (
    account_id uuid NOT NULL REFERENCES accounts,
    room_id uuid NOT NULL,
    seq bigint NOT NULL,
    hidden_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, room_id, seq)
);
