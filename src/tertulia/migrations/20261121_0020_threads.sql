-- Threads, mentions of those who are here, and named groups.

ALTER TABLE messages
    ADD COLUMN thread uuid,  -- the message that this one answers beside the room's talk
    ADD COLUMN in_room boolean NOT NULL DEFAULT true,  -- shown in the room, too
    ADD COLUMN here uuid[] NOT NULL DEFAULT '{}';  -- whom an @here found

ALTER TABLE members ADD COLUMN joined_seq bigint NOT NULL DEFAULT 0;  -- the room's head when seated

ALTER TABLE rooms ADD COLUMN room_mentions text NOT NULL DEFAULT 'auto'
    CHECK (room_mentions IN ('auto', 'members', 'moderators'));

-- One row a thread: its figures, and whom it calls without their having chosen. `floors` stands
-- beside `involved`: replies above it are news to that person (docs/adr, threads).
CREATE TABLE threads (
    room_id uuid NOT NULL,
    root_id uuid NOT NULL,
    replies integer NOT NULL,
    last_seq bigint NOT NULL,
    last_reply_at timestamptz NOT NULL,
    participants uuid[] NOT NULL,
    involved uuid[] NOT NULL,
    floors bigint[] NOT NULL,
    PRIMARY KEY (room_id, root_id),
    CHECK (cardinality(involved) = cardinality(floors))
) WITH (fillfactor = 80);
CREATE INDEX threads_involved ON threads USING gin (involved);

-- What somebody decided about a thread, and how far they read it.
CREATE TABLE thread_marks (
    account_id uuid NOT NULL REFERENCES accounts,
    room_id uuid NOT NULL,
    root_id uuid NOT NULL,
    read_seq bigint NOT NULL DEFAULT 0,
    following boolean,  -- null: by involvement
    PRIMARY KEY (account_id, room_id, root_id)
);

CREATE TABLE groups (
    id uuid PRIMARY KEY,
    handle text COLLATE "C" NOT NULL UNIQUE,
    name text NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts,
    created_at timestamptz NOT NULL
);

CREATE TABLE group_members (
    group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES accounts,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (group_id, account_id)
);
CREATE INDEX group_members_groups ON group_members (account_id);
