-- People and receipts. Each person's side of a tie is a row in that person's own shard.

CREATE TABLE privacy (
    account_id uuid PRIMARY KEY REFERENCES accounts,
    may_message text NOT NULL DEFAULT 'everyone'
        CHECK (may_message IN ('everyone', 'shared', 'contacts')),
    may_add text NOT NULL DEFAULT 'everyone' CHECK (may_add IN ('everyone', 'shared', 'contacts')),
    may_find text NOT NULL DEFAULT 'everyone'
        CHECK (may_find IN ('everyone', 'shared', 'contacts')),
    hide_receipts boolean NOT NULL DEFAULT false,
    hide_last_seen boolean NOT NULL DEFAULT false
);

CREATE TABLE contacts (
    account_id uuid NOT NULL REFERENCES accounts,
    other_id uuid NOT NULL REFERENCES accounts,
    state text NOT NULL CHECK (state IN ('requested', 'incoming', 'contact')),
    note text NOT NULL DEFAULT '',
    since timestamptz NOT NULL,
    PRIMARY KEY (account_id, other_id),
    CHECK (account_id <> other_id)
);

CREATE TABLE blocks (
    account_id uuid NOT NULL REFERENCES accounts,
    blocked_id uuid NOT NULL REFERENCES accounts,
    since timestamptz NOT NULL,
    PRIMARY KEY (account_id, blocked_id),
    CHECK (account_id <> blocked_id)
);
CREATE INDEX blocks_of ON blocks (blocked_id, account_id);

-- A direct room in which one of the two blocked the other: kept here so that sending asks nothing
-- more than it did.
ALTER TABLE rooms ADD COLUMN apart boolean NOT NULL DEFAULT false;

-- The last transaction that moved a cursor: `GET sync` tells those that moved since.
ALTER TABLE members ADD COLUMN cursor_xid xid8 NOT NULL DEFAULT '0';

-- When a cursor stood where: of each minute in which it moved the last move, the newest few.
CREATE TABLE cursor_marks (
    room_id uuid NOT NULL,
    account_id uuid NOT NULL,
    is_read boolean NOT NULL,
    minute timestamptz NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (room_id, account_id, is_read, minute)
);

CREATE TABLE availability (
    account_id uuid PRIMARY KEY REFERENCES accounts,
    settings jsonb NOT NULL
);

CREATE TABLE last_seen (
    account_id uuid PRIMARY KEY REFERENCES accounts,
    seen_at timestamptz NOT NULL
);

ALTER TABLE accounts ADD COLUMN status_emoji text NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN status_until timestamptz;
CREATE INDEX accounts_status_until ON accounts (status_until) WHERE status_until IS NOT NULL;
