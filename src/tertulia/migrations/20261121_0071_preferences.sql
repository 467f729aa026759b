-- What each wants of their rooms. They outlive leaving a room.

CREATE TABLE room_preferences (
    account_id uuid NOT NULL,
    room_id uuid NOT NULL,
    muted boolean NOT NULL DEFAULT false,
    muted_until timestamptz,
    level text CHECK (level IN ('everything', 'mentions', 'nothing')),
    favourite boolean NOT NULL DEFAULT false,
    section_id uuid,
    PRIMARY KEY (account_id, room_id)
);

CREATE TABLE arrangements (
    account_id uuid PRIMARY KEY,
    arrangement jsonb NOT NULL
);
