-- Bots and their tokens, webhooks in and out.

CREATE TABLE bot_tokens (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts,
    hash bytea NOT NULL UNIQUE,
    name text NOT NULL,
    scopes text[] NOT NULL,
    room_ids uuid[],  -- null: every room the bot is in
    created_by uuid NOT NULL REFERENCES accounts,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX bot_tokens_account ON bot_tokens (account_id) WHERE revoked_at IS NULL;

CREATE TABLE incoming_webhooks (
    room_id uuid NOT NULL REFERENCES rooms,
    id uuid NOT NULL UNIQUE,
    account_id uuid NOT NULL REFERENCES accounts,  -- the bot that speaks for it
    hash bytea NOT NULL,
    name text NOT NULL,
    created_by uuid NOT NULL REFERENCES accounts,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (room_id, id)
);

CREATE TABLE outgoing_webhooks (
    id uuid PRIMARY KEY,
    room_id uuid REFERENCES rooms,  -- null: all public rooms of the server
    url text NOT NULL,
    events text[] NOT NULL,
    -- The secret is derived from the server's key, this id and this number; the one before it
    -- counts for a day after a change.
    generation integer NOT NULL DEFAULT 1,
    rotated_at timestamptz,
    created_by uuid NOT NULL REFERENCES accounts,
    created_at timestamptz NOT NULL,
    failing_since timestamptz,
    disabled_at timestamptz,
    disabled_reason text NOT NULL DEFAULT '',
    deleted_at timestamptz
);
CREATE INDEX outgoing_webhooks_room ON outgoing_webhooks (room_id)
    WHERE deleted_at IS NULL AND disabled_at IS NULL;

CREATE TABLE webhook_deliveries (
    webhook_id uuid NOT NULL REFERENCES outgoing_webhooks,
    id uuid NOT NULL UNIQUE,
    stream uuid NOT NULL,
    seq bigint NOT NULL,
    type text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    status integer,  -- of the last answer; null where none came
    milliseconds integer,
    error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    tried_at timestamptz,
    PRIMARY KEY (webhook_id, id),
    UNIQUE (webhook_id, stream, seq)  -- one delivery for each event, whatever happens
);
CREATE INDEX webhook_deliveries_old ON webhook_deliveries (created_at);
