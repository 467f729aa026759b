"""What must hold in the database at any moment: `tertulia doctor --invariants` asks it.

Each query lists what is broken, one line of words a row; none is the answer of a sound database.
"""

from typing import Any

from tertulia.core.doctor import DatabaseCheck, Finding, Patient

SHOWN = 5  # broken things named; their number is told

_BROKEN = {
    "log": (
        "every stream is gapless and ends at its head",
        """
        SELECT format('stream %s: head %s, %s events up to %s', s.id, s.head, count(e.seq),
            coalesce(max(e.seq), 0))
        FROM streams s LEFT JOIN events e ON e.stream = s.id
        GROUP BY s.id HAVING s.head <> count(e.seq) OR s.head <> coalesce(max(e.seq), 0)
        """,
    ),
    "strays": (
        "every event belongs to a stream",
        """
        SELECT format('events of %s, which is no stream', e.stream)
        FROM events e LEFT JOIN streams s ON s.id = e.stream
        WHERE s.id IS NULL GROUP BY e.stream
        """,
    ),
    "messages": (
        "every message is told once, at its own seq",
        """
        SELECT format('message %s in room %s at %s', coalesce(m.id, e.ref),
            coalesce(m.room_id, e.stream), coalesce(m.seq, e.seq))
        FROM messages m
        FULL JOIN (SELECT * FROM events WHERE type = 'message.sent') e
            ON (e.stream, e.seq, e.ref) = (m.room_id, m.seq, m.id)
        WHERE m.id IS NULL OR e.ref IS NULL
        """,
    ),
    "bodies": (
        "every message and every event can be read",
        """
        SELECT format('message %s in room %s at %s', id, room_id, seq) FROM messages
        WHERE NOT coalesce(body ->> 'kind' = kind AND CASE kind
            WHEN 'text' THEN jsonb_typeof(body -> 'text') = 'string'
            WHEN 'system' THEN jsonb_typeof(body -> 'event') = 'string'
            WHEN 'deleted' THEN jsonb_typeof(body -> 'by') = 'string'
            ELSE false END, false)
        UNION ALL
        SELECT format('event %s of stream %s (%s)', seq, stream, type) FROM events
        WHERE (ref IS NULL AND data IS NULL) OR jsonb_typeof(data) <> 'object'
        """,
    ),
    "client ids": (
        "nothing is said twice",
        """
        SELECT format('client_id %s of %s in room %s: %s times', client_id, author_id, room_id,
            count(*))
        FROM messages GROUP BY room_id, author_id, client_id HAVING count(*) > 1
        UNION ALL
        SELECT 'the unique index over (room_id, author_id, client_id) is missing'
        WHERE NOT EXISTS (
            SELECT FROM pg_index i WHERE i.indrelid = 'messages'::regclass AND i.indisunique
                AND i.indisvalid AND (
                    SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
                    WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                ) = ARRAY['author_id', 'client_id', 'room_id'])
        """,
    ),
    "readers": (
        "nobody has read beyond the end",
        """
        SELECT format('member %s of room %s: read %s, delivered %s, head %s', m.account_id,
            m.room_id, m.read_seq, m.delivered_seq, s.head)
        FROM members m JOIN streams s ON s.id = m.room_id
        WHERE m.read_seq > m.delivered_seq OR m.delivered_seq > s.head
        """,
    ),
    "owners": (
        "every room with people in it has an owner",
        """
        SELECT format('room %s', r.id) FROM rooms r
        JOIN members m ON m.room_id = r.id AND m.status = 'joined'
        WHERE r.kind <> 'direct' GROUP BY r.id HAVING NOT bool_or(m.role = 'owner')
        """,
    ),
    "pairs": (
        "direct rooms have their two people",
        """
        SELECT format('room %s: %s people', r.id, count(m.account_id)) FROM rooms r
        LEFT JOIN members m ON m.room_id = r.id AND m.status = 'joined'
        WHERE r.kind = 'direct' GROUP BY r.id HAVING count(m.account_id) <> 2
        """,
    ),
    "crowds": (
        "rooms know how many are in them, and members stand under their names",
        """
        SELECT format('room %s: %s, counted %s', r.id, r.member_count, count(m.account_id))
        FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.status = 'joined'
        GROUP BY r.id HAVING r.member_count <> count(m.account_id)
        UNION ALL
        SELECT format('member %s of room %s stands under %s', account_id, room_id, name_key)
        FROM members WHERE status = 'joined' AND name_key <> member_name_key(account_id)
        """,
    ),
    "files": (
        "every file of a message belongs to one that is there, and has bytes that stay",
        """
        SELECT format('file %s of room %s: no message %s', f.id, f.room_id, f.message_id)
        FROM files f LEFT JOIN messages m ON m.room_id = f.room_id AND m.id = f.message_id
        WHERE f.message_id IS NOT NULL AND (m.id IS NULL OR m.kind = 'deleted')
        UNION ALL
        SELECT format('file %s of room %s: its bytes are on their way out', f.id, f.room_id)
        FROM files f JOIN blobs b ON b.id = f.blob_id
        WHERE b.doomed_at < now() - interval '1 hour'
        """,
    ),
    "server owner": (
        "the server belongs to somebody",
        """
        SELECT 'there are accounts, but none of them is the owner' FROM accounts
        HAVING count(*) > 0 AND NOT bool_or(role = 'owner')
        """,
    ),
}


def _check(name: str, promise: str, query: str) -> DatabaseCheck:
    async def check(_patient: Patient, connection: Any) -> Finding:
        broken = [row[0] for row in await connection.fetch(query)]
        if not broken:
            return Finding(name, "ok", promise)
        text = f"broken: {promise}. {len(broken)} found: {'; '.join(broken[:SHOWN])}"
        return Finding(name, "fail", text, "Keep the data folder as it is and report this.")

    return check


async def _usage(_patient: Patient, connection: Any) -> Finding:
    """How much the files are."""
    row = await connection.fetchrow(
        """
        SELECT (SELECT count(*) FROM files) AS files,
            (SELECT count(*) FROM files WHERE state = 'failed') AS failed,
            (SELECT coalesce(sum(size), 0) FROM blobs)::bigint AS bytes,
            (SELECT coalesce(sum(size), 0) FROM renditions)::bigint AS made,
            (SELECT count(*) FROM blobs WHERE doomed_at IS NOT NULL) AS doomed
        """
    )
    text = (
        f"{row['files']} files, {row['bytes'] / 2**20:.1f} MiB and {row['made'] / 2**20:.1f} MiB"
        f" made of them (without films); {row['doomed']} on their way out, {row['failed']} failed"
    )
    return Finding("file use", "ok", text)


INVARIANTS = (*(_check(name, *rest) for name, rest in _BROKEN.items()), _usage)
