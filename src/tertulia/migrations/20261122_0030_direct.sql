-- Uploads that clients write to the bucket themselves. Each holds its room among the others by a
-- row of `uploads` with the same id, until it became a file; this row stays until its URLs are
-- certainly dead, so that what they may still write is thrown away after it.
CREATE TABLE direct_uploads (
    account_id uuid NOT NULL REFERENCES accounts,
    id uuid NOT NULL UNIQUE,
    room_id uuid NOT NULL REFERENCES rooms,
    way text NOT NULL CHECK (way IN ('put', 'form', 'parts')),
    name text NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    media_type text NOT NULL,
    -- Of an upload in parts: bytes of each but the last, and what the store calls it once it was
    -- asked to begin it.
    part_size bigint CHECK (part_size > 0),
    upload_id text,
    -- While somebody turns it into a file.
    claimed_until timestamptz,
    file_id uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    CHECK ((way = 'parts') = (part_size IS NOT NULL))
);
CREATE INDEX direct_uploads_expiring ON direct_uploads (expires_at);
