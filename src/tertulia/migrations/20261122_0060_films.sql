-- What is made of a film, once for all rooms that have it. No reference to `blobs`: bytes are thrown
-- away first, and what was made of them by a job of its own.
CREATE TABLE films (
    blob_id uuid PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('preparing', 'playable', 'complete', 'failed')),
    why text,
    duration_ms bigint NOT NULL,
    width int,
    height int,
    original boolean NOT NULL,
    -- The rungs without which nobody can watch.
    first text[] NOT NULL,
    poster boolean NOT NULL DEFAULT false,
    -- How its sheets of thumbnails are laid out, once they are there.
    storyboard jsonb,
    created_at timestamptz NOT NULL
);

-- `made` segments of it are stored and may be told; `microseconds` long, `bytes` large, the
-- hungriest of them takes `peak` bits a second.
CREATE TABLE film_rungs (
    blob_id uuid NOT NULL REFERENCES films ON DELETE CASCADE,
    name text NOT NULL,
    position smallint NOT NULL,
    plan jsonb NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'playable', 'complete', 'failed')),
    codec text NOT NULL DEFAULT '',
    made int NOT NULL DEFAULT 0,
    microseconds bigint NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0,
    peak bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (blob_id, name)
);

CREATE TABLE film_segments (
    blob_id uuid NOT NULL,
    rung text NOT NULL,
    number int NOT NULL,
    header text NOT NULL,
    duration bigint NOT NULL,
    size int NOT NULL,
    PRIMARY KEY (blob_id, rung, number),
    FOREIGN KEY (blob_id, rung) REFERENCES film_rungs ON DELETE CASCADE
);

-- Those that came inside the film are everybody's who has it; those that somebody added stay with
-- that file, and so in its room.
CREATE TABLE film_subtitles (
    id uuid PRIMARY KEY,
    blob_id uuid NOT NULL REFERENCES films ON DELETE CASCADE,
    room_id uuid,
    file_id uuid,
    language text NOT NULL,
    label text NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((room_id IS NULL) = (file_id IS NULL)),
    FOREIGN KEY (room_id, file_id) REFERENCES files ON DELETE CASCADE
);
CREATE INDEX film_subtitles_by_film ON film_subtitles (blob_id, created_at);
CREATE INDEX film_subtitles_by_file ON film_subtitles (room_id, file_id) WHERE file_id IS NOT NULL;
