-- The picture of a room: `rooms.avatar` is its id, new with every picture.

CREATE TABLE room_pictures (
    room_id uuid PRIMARY KEY REFERENCES rooms,
    image bytea NOT NULL  -- a WebP of our own making, at most 256 kB
);
