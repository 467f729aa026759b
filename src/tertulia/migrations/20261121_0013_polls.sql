-- Who chose what in which poll, one row for each choice. The question and its answers are the
-- message's body. Nobody but the voter is ever told of a row of an anonymous poll.

CREATE TABLE poll_votes (
    room_id uuid NOT NULL,
    message_id uuid NOT NULL,
    account_id uuid NOT NULL,
    choice smallint NOT NULL,
    seq bigint NOT NULL,  -- of the event: people are told in its order
    PRIMARY KEY (room_id, message_id, account_id, choice)
);

-- Polls that somebody closed, before their time or without one.
CREATE TABLE poll_closings (
    room_id uuid NOT NULL,
    message_id uuid NOT NULL,
    closed_by uuid NOT NULL,
    closed_at timestamptz NOT NULL,
    PRIMARY KEY (room_id, message_id)
);
