-- Uploads that grow (tus 1.0), and those that go straight to a bucket. One that is complete stays
-- until it expires, so that who lost the last answer learns which file it became.
CREATE TABLE uploads (
    account_id uuid NOT NULL REFERENCES accounts,
    id uuid NOT NULL UNIQUE,
    -- Null only for a part of another upload.
    room_id uuid REFERENCES rooms,
    kind text NOT NULL CHECK (kind IN ('whole', 'partial', 'final', 'direct')),
    name text NOT NULL,
    -- As the client said it, to be said back.
    metadata text NOT NULL,
    -- In bytes; null: not told yet.
    length bigint CHECK (length >= 0),
    -- Known to be on disk. While somebody writes there may be more.
    received bigint NOT NULL DEFAULT 0 CHECK (received >= 0),
    -- Who writes, and until when that is believed; a writer who falls silent loses it.
    holder uuid,
    held_until timestamptz,
    yield_asked boolean NOT NULL DEFAULT false,
    -- What is being written comes with a checksum: it counts only once that was compared.
    checked boolean NOT NULL DEFAULT false,
    -- Of a final one what it is made of, of its parts what they became.
    parts uuid[],
    final_id uuid,
    file_id uuid,
    created_at timestamptz NOT NULL,
    touched_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    CHECK (room_id IS NOT NULL OR kind = 'partial'),
    CHECK ((holder IS NULL) = (held_until IS NULL))
);
CREATE INDEX uploads_expiring ON uploads (expires_at);
-- Which uploads' bytes a file still needs.
CREATE INDEX files_incoming ON files (incoming) WHERE incoming IS NOT NULL;
