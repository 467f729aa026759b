-- An export may bring the files of its messages along.
ALTER TABLE exports ADD COLUMN files boolean NOT NULL DEFAULT false;
