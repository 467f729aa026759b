-- Emoji that people brought along: one list for the whole server.

CREATE TABLE custom_emoji (
    id uuid PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    image bytea NOT NULL,  -- a WebP of our own making, at most 256 kB
    frames integer NOT NULL,
    added_by uuid NOT NULL REFERENCES accounts,
    added_at timestamptz NOT NULL
);

-- Which list this is: new with every change. Its one row's lock puts changes in a line.
CREATE TABLE custom_emoji_list (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO custom_emoji_list DEFAULT VALUES;
