-- Crowds: what a room of 10,000 would otherwise count and sort at every question is kept. Triggers
-- keep it, so that a node of the release before leaves it right too.

-- A name as it is sorted and looked for: without case, width and accents. Cut, because an entry of
-- an index has a bound and one character may unfold into eighteen.
CREATE FUNCTION folded_name(name text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN left(lower(regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g')), 120);

ALTER TABLE members
    ADD COLUMN rank smallint NOT NULL GENERATED ALWAYS AS (
        CASE role WHEN 'owner' THEN 1 WHEN 'moderator' THEN 2 WHEN 'member' THEN 3 ELSE 4 END
    ) STORED,
    -- Both names, to be found by either: "ana sol @ana".
    ADD COLUMN name_key text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN member_count integer NOT NULL DEFAULT 0;

CREATE FUNCTION member_name_key(member uuid) RETURNS text LANGUAGE sql STABLE
    RETURN (SELECT folded_name(display_name) || ' @' || username_key FROM accounts
        WHERE id = member);

UPDATE members SET name_key = coalesce(member_name_key(account_id), '') WHERE status = 'joined';
UPDATE rooms r SET member_count = (
    SELECT count(*) FROM members WHERE room_id = r.id AND status = 'joined');

CREATE INDEX members_listed ON members (room_id, rank, name_key, account_id)
    WHERE status = 'joined';

-- Who sits down. They cannot change their name meanwhile: their account is locked with the room.
CREATE FUNCTION members_take_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.name_key := coalesce(member_name_key(NEW.account_id), '');
    RETURN NEW;
END $$;
CREATE TRIGGER members_named BEFORE INSERT ON members
    FOR EACH ROW WHEN (NEW.status = 'joined') EXECUTE FUNCTION members_take_name();
CREATE TRIGGER members_named_again BEFORE UPDATE OF status ON members
    FOR EACH ROW WHEN (NEW.status = 'joined' AND OLD.status <> 'joined')
    EXECUTE FUNCTION members_take_name();

-- Who changes their name, at the end of the transaction: by then it holds all their rooms. Rows are
-- locked in the order in which receipts lock them.
CREATE FUNCTION members_follow_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM members WHERE account_id = NEW.id AND status = 'joined'
        ORDER BY room_id FOR NO KEY UPDATE;
    UPDATE members SET name_key = member_name_key(NEW.id)
        WHERE account_id = NEW.id AND status = 'joined';
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER accounts_renamed AFTER UPDATE ON accounts DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.display_name <> NEW.display_name OR OLD.username_key <> NEW.username_key)
    EXECUTE FUNCTION members_follow_name();

-- How many are in. Only who comes or goes writes the room's row, which its lock is held for anyway.
CREATE FUNCTION rooms_count_newcomers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE rooms r SET member_count = r.member_count + came.people FROM (
        SELECT room_id, count(*) AS people FROM newcomers WHERE status = 'joined' GROUP BY room_id
    ) AS came WHERE r.id = came.room_id;
    RETURN NULL;
END $$;
CREATE TRIGGER members_came AFTER INSERT ON members REFERENCING NEW TABLE AS newcomers
    FOR EACH STATEMENT EXECUTE FUNCTION rooms_count_newcomers();

CREATE FUNCTION rooms_count_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE rooms SET member_count = member_count + CASE NEW.status WHEN 'joined' THEN 1 ELSE -1 END
        WHERE id = NEW.room_id;
    RETURN NULL;
END $$;
CREATE TRIGGER members_came_or_went AFTER UPDATE OF status ON members
    FOR EACH ROW WHEN ((OLD.status = 'joined') <> (NEW.status = 'joined'))
    EXECUTE FUNCTION rooms_count_one();
