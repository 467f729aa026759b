-- The picture of a person: `accounts.avatar` is its name, new with every picture.
ALTER TABLE accounts ADD COLUMN avatar text;
CREATE TABLE account_pictures (
    account_id uuid PRIMARY KEY REFERENCES accounts,
    image bytea NOT NULL  -- a WebP of our own making, at most 256 kB
);
