-- Bytes, kept once however many files hold them. `key` names them in the storage and is new each
-- time, so that bytes which are being thrown away and come again are not thrown away twice.
CREATE TABLE blobs (
    id uuid PRIMARY KEY,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    size bigint NOT NULL CHECK (size >= 0),
    key text NOT NULL UNIQUE,
    media_type text NOT NULL,
    created_at timestamptz NOT NULL,
    -- What a look inside found; null: nothing to be seen, or not looked yet.
    look jsonb,
    scan text NOT NULL CHECK (scan IN ('clean', 'infected', 'not_scanned')),
    -- From then on nobody holds it any more, and its bytes are on their way out.
    doomed_at timestamptz
);
CREATE UNIQUE INDEX blobs_by_content ON blobs (sha256) WHERE doomed_at IS NULL;
CREATE INDEX blobs_doomed ON blobs (doomed_at) WHERE doomed_at IS NOT NULL;

-- What a blob was made into: thumbnails, posters, waveforms.
CREATE TABLE renditions (
    blob_id uuid NOT NULL REFERENCES blobs ON DELETE CASCADE,
    name text NOT NULL,
    key text NOT NULL UNIQUE,
    size bigint NOT NULL,
    media_type text NOT NULL,
    PRIMARY KEY (blob_id, name)
);

-- A file belongs to one room for ever, and to at most one message of it.
CREATE TABLE files (
    room_id uuid NOT NULL REFERENCES rooms,
    id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts,
    name text NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    -- The type by its content; until that was looked at, of no kind.
    media_type text NOT NULL DEFAULT 'application/octet-stream',
    state text NOT NULL CHECK (state IN ('checking', 'ready', 'infected', 'failed')),
    -- Where the bytes lie until they were looked at (`core.storage.Incoming`).
    incoming uuid,
    blob_id uuid REFERENCES blobs,
    message_id uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (room_id, id),
    CHECK ((state = 'ready') = (blob_id IS NOT NULL))
);
CREATE UNIQUE INDEX files_by_id ON files (id);
CREATE INDEX files_by_blob ON files (blob_id) WHERE blob_id IS NOT NULL;
CREATE INDEX files_by_message ON files (room_id, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX files_by_account ON files (account_id);
CREATE INDEX files_unsent ON files (created_at) WHERE message_id IS NULL;
