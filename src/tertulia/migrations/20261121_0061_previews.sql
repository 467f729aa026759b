-- What pages said about themselves, by address, and what is shown under messages.

CREATE TABLE link_previews (
    url_hash bytea PRIMARY KEY,
    preview jsonb,  -- null: nothing to show
    fetched_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX link_previews_expired ON link_previews (expires_at);

-- Named by chance, not by the address: who was not told of it cannot ask whether it is there.
CREATE TABLE preview_images (
    id uuid PRIMARY KEY,
    image bytea NOT NULL,
    made_at timestamptz NOT NULL
);

CREATE TABLE message_previews (
    room_id uuid NOT NULL,
    message_id uuid NOT NULL,
    previews jsonb NOT NULL,
    dismissed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (room_id, message_id)
);

ALTER TABLE rooms ADD COLUMN previews boolean NOT NULL DEFAULT true;
