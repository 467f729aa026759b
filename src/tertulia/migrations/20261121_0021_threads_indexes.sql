-- transactional: false
-- Built beside the running release: messages is the largest table.

DROP INDEX CONCURRENTLY IF EXISTS messages_threads;
CREATE INDEX CONCURRENTLY messages_threads ON messages (room_id, thread, seq)
    WHERE thread IS NOT NULL;

-- A room's page must not wade through the replies of a long thread.
DROP INDEX CONCURRENTLY IF EXISTS messages_in_room;
CREATE INDEX CONCURRENTLY messages_in_room ON messages (room_id, seq) WHERE in_room;

-- Who was called: the inbox reads these, and ordinary messages are in none of them.
DROP INDEX CONCURRENTLY IF EXISTS messages_mentions;
CREATE INDEX CONCURRENTLY messages_mentions ON messages USING gin (mentions, here)
    WHERE mentions <> '{}' OR here <> '{}';

DROP INDEX CONCURRENTLY IF EXISTS messages_room_mentions;
CREATE INDEX CONCURRENTLY messages_room_mentions ON messages (room_id, seq) WHERE mentions_room;
