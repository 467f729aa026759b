-- A room's bans, newest first, a page at a time.
CREATE INDEX members_banned ON members (room_id, changed_at, account_id) WHERE status = 'banned';
