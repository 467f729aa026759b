-- The list of a room's files, the newest first.
CREATE INDEX files_of_room ON files (room_id, created_at DESC, id DESC)
    WHERE message_id IS NOT NULL;
