-- Who reacted to what with which emoji. `seq` is that of the event that said so: it orders people
-- and emoji, without ties.

CREATE TABLE reactions (
    room_id uuid NOT NULL,
    message_id uuid NOT NULL,
    account_id uuid NOT NULL,
    emoji text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    reacted_at timestamptz NOT NULL,
    PRIMARY KEY (room_id, message_id, account_id, emoji)
);
CREATE INDEX reactions_in_order ON reactions (room_id, message_id, emoji, seq);
