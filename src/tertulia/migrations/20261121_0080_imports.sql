-- What came in from elsewhere, and as what. Few rows, of the whole server: no sharding key.

-- An account or a room made or found for something of a source ('slack:T0123').
CREATE TABLE imported (
    source text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('account', 'room')),
    key text COLLATE "C" NOT NULL,
    id uuid NOT NULL,
    -- Made by the import; false: somebody who was here already.
    made boolean NOT NULL,
    PRIMARY KEY (source, kind, key)
);

-- Files that are in whole, as they were then: a later run passes over them.
CREATE TABLE imported_files (
    source text COLLATE "C" NOT NULL,
    room_id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    checksum bigint NOT NULL,
    PRIMARY KEY (source, room_id, name)
);
