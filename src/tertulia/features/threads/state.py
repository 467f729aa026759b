"""What a thread becomes by a reply, and whom it calls: pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from tertulia.features.messages.schemas import DeletedBody, Message
from tertulia.features.threads.schemas import Reply, ThreadSummary

PARTICIPANTS = 5  # faces of a summary
INVOLVED = 200  # people a thread calls without their having chosen: the last to take part


class Thread(msgspec.Struct, frozen=True):
    """A thread's row. `involved` is whom it calls, in the order they last took part; what is said
    above the seq beside each is news to them."""

    replies: int
    last_seq: int
    last_reply_at: datetime
    participants: Sequence[UUID]
    involved: Mapping[UUID, int]

    @property
    def summary(self) -> ThreadSummary | None:
        if not self.replies:
            return None
        return ThreadSummary(
            replies=self.replies,
            last_reply_at=self.last_reply_at,
            participants=list(self.participants),
        )


def begun(root: Message) -> Thread:
    """A thread before its first reply: it calls whoever wrote the root or is named in it."""
    involved = dict.fromkeys([*root.mentions, root.author_id], root.seq)
    return Thread(0, root.seq, root.sent_at, (), _latest(involved))


def replied(thread: Thread, reply: Message) -> Thread:
    """Who writes has read what stands above; who is named hears that reply and what follows."""
    others = (one for one in thread.participants if one != reply.author_id)
    named = _named(thread.involved, reply.mentions, reply.seq - 1)
    return Thread(
        replies=thread.replies + 1,
        last_seq=reply.seq,
        last_reply_at=reply.sent_at,
        participants=[reply.author_id, *others][:PARTICIPANTS],
        involved=_latest(_moved(named, reply.author_id, reply.seq)),
    )


def named_later(thread: Thread, mentions: Iterable[UUID], head: int) -> Thread:
    """An edit names people: the thread calls those it did not call yet, from here on."""
    return msgspec.structs.replace(
        thread, involved=_latest(_named(thread.involved, mentions, head))
    )


def find_reply(message: Message) -> Reply | None:
    """None for the root, and for what was taken back."""
    if message.thread is None or isinstance(message.body, DeletedBody):
        return None
    return Reply(
        seq=message.seq,
        author_id=message.author_id,
        in_room=message.in_room,
        calls=list(dict.fromkeys([*message.mentions, *message.here])),
        calls_all=message.mentions_room,
    )


def _named(involved: Mapping[UUID, int], people: Iterable[UUID], floor: int) -> dict[UUID, int]:
    found = dict(involved)
    for one in people:
        found = _moved(found, one, found.get(one, floor))
    return found


def _moved(involved: Mapping[UUID, int], one: UUID, floor: int) -> dict[UUID, int]:
    return {other: seq for other, seq in involved.items() if other != one} | {one: floor}


def _latest(involved: Mapping[UUID, int]) -> dict[UUID, int]:
    return dict(list(involved.items())[-INVOLVED:])
