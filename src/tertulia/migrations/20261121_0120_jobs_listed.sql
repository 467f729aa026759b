-- transactional: false
-- What administrators look at: all jobs of a state, or of a kind and a state, newest first.

DROP INDEX CONCURRENTLY IF EXISTS jobs_by_state;
CREATE INDEX CONCURRENTLY jobs_by_state ON jobs (state, id);

DROP INDEX CONCURRENTLY IF EXISTS jobs_by_kind;
CREATE INDEX CONCURRENTLY jobs_by_kind ON jobs (kind, state, id);
