-- Work for later (core/jobs). A row is written in the transaction that wants it done.

CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    key text COLLATE "C",  -- of its kind one that waits and one that runs have it, at most
    payload jsonb NOT NULL,
    priority smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN -2 AND 2),
    state text COLLATE "C" NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'running', 'done', 'dead', 'cancelled')),
    run_at timestamptz NOT NULL,
    attempt integer NOT NULL DEFAULT 0,
    enqueued_at timestamptz NOT NULL,
    -- Whose it is while it runs, and the last sign of life: who falls silent loses it.
    worker uuid,
    beat_at timestamptz,
    cancel_asked boolean NOT NULL DEFAULT false,
    started_at timestamptz,
    finished_at timestamptz,
    error text NOT NULL DEFAULT '',
    done bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0,
    note text NOT NULL DEFAULT '',
    CHECK ((state = 'running') = (worker IS NOT NULL))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

-- What is next, of one kind and one priority: no look wades through what is due next week.
CREATE INDEX jobs_waiting ON jobs (kind, priority, run_at, id) WHERE state = 'waiting';
CREATE UNIQUE INDEX jobs_waiting_keys ON jobs (kind, key) WHERE state = 'waiting' AND key IS NOT NULL;
CREATE UNIQUE INDEX jobs_running_keys ON jobs (kind, key) WHERE state = 'running' AND key IS NOT NULL;
CREATE INDEX jobs_running ON jobs (worker) WHERE state = 'running';
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;
