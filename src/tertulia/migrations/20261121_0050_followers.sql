-- Followers of the event log: how far each has come in each stream (docs/adr, core/followers).

CREATE TABLE followers (
    name text COLLATE "C" PRIMARY KEY,
    -- Marks of the streams that were there before it are set: it may begin.
    begun boolean NOT NULL DEFAULT false,
    -- The life of the log that `swept` belongs to (server.epoch).
    epoch uuid NOT NULL,
    -- Streams written by no transaction from this one on were followed to their heads.
    swept xid8 NOT NULL DEFAULT '0',
    sweep_due timestamptz NOT NULL
);

-- A stream without a mark was not followed yet: from its beginning, then.
CREATE TABLE follower_marks (
    stream uuid NOT NULL,
    follower text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    -- How often what comes next failed, and when it is tried again.
    failures integer NOT NULL DEFAULT 0,
    retry_at timestamptz,
    PRIMARY KEY (stream, follower)
) WITH (fillfactor = 60);  -- every batch updates its marks: leave room for HOT updates
CREATE INDEX follower_marks_retry ON follower_marks (retry_at) WHERE retry_at IS NOT NULL;
