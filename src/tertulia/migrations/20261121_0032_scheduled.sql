-- What is to be said later, and what somebody wants to be reminded of.

CREATE TABLE scheduled (
    account_id uuid NOT NULL REFERENCES accounts,
    id uuid NOT NULL,
    room_id uuid NOT NULL,
    thread uuid,
    text text NOT NULL,
    reply_to uuid,
    send_at timestamptz NOT NULL,
    zone text NOT NULL,  -- of its author, for showing the time
    client_id uuid NOT NULL,  -- the message's: sent twice, it is said once
    device_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    failed text,  -- the code of the error that kept it from being said
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, client_id)
);

CREATE TABLE reminders (
    account_id uuid NOT NULL REFERENCES accounts,
    id uuid NOT NULL,
    room_id uuid,
    message_id uuid,
    note text NOT NULL,
    due_at timestamptz NOT NULL,
    zone text NOT NULL,
    created_at timestamptz NOT NULL,
    client_id uuid NOT NULL,
    rung_at timestamptz,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, client_id)
);
