-- A webhook hears of what comes after it was made, not of what its follower has yet to catch up with.

ALTER TABLE outgoing_webhooks ADD COLUMN since_seq bigint NOT NULL DEFAULT 0;
