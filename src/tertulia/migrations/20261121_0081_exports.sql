-- Files people asked for. The files themselves lie in the data folder, named by id.

CREATE TABLE exports (
    account_id uuid NOT NULL REFERENCES accounts,
    id uuid NOT NULL,
    room_id uuid,  -- null: everything of the account
    room_name text,
    format text COLLATE "C" NOT NULL CHECK (format IN ('json', 'html')),
    state text COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    done bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0,
    file_name text,
    size bigint,
    problem text,
    asked_at timestamptz NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX exports_expired ON exports (expires_at) WHERE expires_at IS NOT NULL;
