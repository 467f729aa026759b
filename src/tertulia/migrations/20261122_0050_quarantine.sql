-- Of an infected file: the name of what the scanner found in it. Its bytes lie under
-- `quarantine/<id>` until an administrator has them thrown away.
ALTER TABLE files ADD COLUMN found text;
ALTER TABLE files ADD COLUMN quarantined boolean NOT NULL DEFAULT false;
CREATE INDEX files_quarantined ON files (created_at) WHERE quarantined;
