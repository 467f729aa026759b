-- Streams, accounts, rooms, messages. Keys begin with the sharding key (room or account).

CREATE TABLE streams (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('room', 'account')),
    head bigint NOT NULL DEFAULT 0,
    -- The last transaction that wrote here: the sync cursor compares it (docs/adr/0004).
    touched xid8 NOT NULL DEFAULT pg_current_xact_id()
) WITH (fillfactor = 60);  -- every event updates its stream's row: leave room for HOT updates

CREATE TABLE events (
    stream uuid NOT NULL,
    seq bigint NOT NULL,
    type text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    actor uuid,
    ref uuid,
    data jsonb,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (stream, seq)
);

CREATE TABLE server (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    -- Which life of the log this is: cursors of another are refused. Restores must renew it.
    epoch uuid NOT NULL DEFAULT gen_random_uuid(),
    name text NOT NULL DEFAULT 'Tertulia'
);
INSERT INTO server DEFAULT VALUES;

CREATE TABLE accounts (
    id uuid PRIMARY KEY,
    username text NOT NULL,
    username_key text COLLATE "C" NOT NULL UNIQUE,
    display_name text NOT NULL,
    hue smallint NOT NULL,
    status_text text NOT NULL DEFAULT '',
    email text,
    password_hash text NOT NULL,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    is_bot boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    deactivated_at timestamptz
);
-- The first account owns the server: of two that race to be first, one loses here.
CREATE UNIQUE INDEX accounts_one_owner ON accounts ((role)) WHERE role = 'owner';

CREATE TABLE devices (
    account_id uuid NOT NULL REFERENCES accounts,
    id uuid NOT NULL,
    name text NOT NULL,
    platform text NOT NULL,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    -- The refresh family: token n is HMAC(secret_key, seed, n), so only the count is kept.
    refresh_seed bytea NOT NULL,
    refresh_count integer NOT NULL DEFAULT 0,
    refreshed_at timestamptz NOT NULL,
    signed_out_at timestamptz,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX devices_signed_out ON devices (signed_out_at) WHERE signed_out_at IS NOT NULL;

CREATE TABLE rooms (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('direct', 'group', 'channel')),
    visibility text NOT NULL CHECK (visibility IN ('public', 'private')),
    name text,
    topic text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts,
    archived_at timestamptz,
    -- Both account ids, sorted: one direct room a pair, for ever.
    direct_key text COLLATE "C" UNIQUE,
    CHECK ((kind = 'direct') = (direct_key IS NOT NULL))
);
CREATE INDEX rooms_public ON rooms (id) WHERE visibility = 'public' AND archived_at IS NULL;

CREATE TABLE members (
    room_id uuid NOT NULL REFERENCES rooms,
    account_id uuid NOT NULL REFERENCES accounts,
    role text NOT NULL CHECK (role IN ('owner', 'moderator', 'member', 'guest')),
    status text NOT NULL CHECK (status IN ('joined', 'left', 'removed', 'banned')),
    joined_at timestamptz NOT NULL,
    read_seq bigint NOT NULL DEFAULT 0,
    delivered_seq bigint NOT NULL DEFAULT 0,
    changed_by uuid,
    changed_at timestamptz NOT NULL,
    reason text NOT NULL DEFAULT '',
    PRIMARY KEY (room_id, account_id),
    CHECK (0 <= read_seq AND read_seq <= delivered_seq)
);
CREATE INDEX members_rooms ON members (account_id, room_id) WHERE status = 'joined';

CREATE TABLE invites (
    room_id uuid NOT NULL REFERENCES rooms,
    id uuid NOT NULL,
    code_hash bytea NOT NULL UNIQUE,
    role text NOT NULL CHECK (role IN ('member', 'guest')),
    created_by uuid NOT NULL REFERENCES accounts,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    max_uses integer,
    uses integer NOT NULL DEFAULT 0,
    revoked_at timestamptz,
    PRIMARY KEY (room_id, id)
);

CREATE TABLE messages (
    room_id uuid NOT NULL,
    seq bigint NOT NULL,
    id uuid NOT NULL,
    author_id uuid NOT NULL,
    client_id uuid NOT NULL,
    sent_at timestamptz NOT NULL,
    edited_at timestamptz,
    kind text COLLATE "C" NOT NULL,
    body jsonb NOT NULL,
    reply_to uuid,
    mentions uuid[] NOT NULL DEFAULT '{}',
    mentions_room boolean NOT NULL DEFAULT false,
    PRIMARY KEY (room_id, seq),
    UNIQUE (room_id, id),
    UNIQUE (room_id, author_id, client_id)
);

CREATE TABLE message_revisions (
    room_id uuid NOT NULL,
    message_id uuid NOT NULL,
    number integer NOT NULL,
    text text NOT NULL,
    replaced_at timestamptz NOT NULL,
    PRIMARY KEY (room_id, message_id, number)
);
