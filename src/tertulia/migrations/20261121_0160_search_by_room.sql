-- transactional: false
-- Rooms are walked from their newest message back (features/search/store). Built beside the running
-- release: the table has a row for every message.

DROP INDEX CONCURRENTLY IF EXISTS search_index_room;
CREATE INDEX CONCURRENTLY search_index_room ON search_index (room_id, at, seq);
