-- What was said, by its words (features/search). Filled by the follower `search.1`, mended in the
-- transaction of every edit, deletion and expiry.

CREATE TABLE search_index (
    room_id uuid NOT NULL,
    seq bigint NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,  -- messages.sent_at
    words tsvector NOT NULL,
    PRIMARY KEY (room_id, seq)
);
-- Without a list of what is pending, which every question would have to read through.
CREATE INDEX search_index_words ON search_index USING gin (words) WITH (fastupdate = off);
CREATE INDEX search_index_latest ON search_index (at, seq, room_id);
