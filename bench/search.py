"""Finding among a million messages: how long a person waits for an answer.

The words are drawn by Zipf's law from 150,000 made-up ones, a tenth of the messages is Chinese.
Messages lie in 200 rooms of very different sizes, over two years; who asks is in all of them. The
server answers over HTTP, one question after another, beside PostgreSQL on the same two cores.
"""

import itertools
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

import aiohttp
import msgspec

from bench.report import table
from bench.server import Person, Server, people, rooms
from tertulia.core.clock import SystemClock
from tertulia.core.ids import SystemIds
from tertulia.features.messages.schemas import TextBody
from tertulia.features.search import state
from tertulia.features.search.state import Facets

MESSAGES = 1_000_000
ROOMS = 200
AUTHORS = 300
ASKERS = 5  # in all rooms: one account may not ask that often
BATCH = 5_000
WORDS = 150_000
HAN = "我你他她们的是不了在有人这中大来上个国到说时要就出会可也年生自过地得去家学对能好小多"
YEARS = timedelta(days=730)
ROUNDS = 25  # of each kind of question


class Said(NamedTuple):
    room: UUID
    seq: int
    id: UUID
    author: UUID
    at: datetime
    text: str


class Vocabulary:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        letters = "abcdefghijklmnopqrstuvwxyz"
        made: dict[str, None] = {}
        while len(made) < WORDS:
            length = self.random.choice((2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 10))
            made["".join(self.random.choices(letters, k=length))] = None
        self.words = list(made)
        self._weights = list(itertools.accumulate(1 / rank for rank in range(1, WORDS + 1)))

    def text(self) -> str:
        length = max(1, int(self.random.gammavariate(2, 6)))
        if self.random.random() < 0.1:
            return "".join(self.random.choices(HAN, k=length * 2))
        words = self.random.choices(self.words, cum_weights=self._weights, k=length)
        if self.random.random() < 0.02:
            words.append(f"https://{self.random.choice(self.words)}.example/")
        return " ".join(words)


async def measure(server: Server) -> None:
    vocabulary = Vocabulary(7)
    members = await people(server, AUTHORS)
    askers = members[:ASKERS]
    places = await rooms(server, ROOMS, askers)
    loading = await _load(server, vocabulary, [one.account_id for one in members], places)
    print(f"  {MESSAGES:,} messages written and indexed in {loading:.0f} s", flush=True)
    async with aiohttp.ClientSession() as http:
        rows = [
            await _ask(http, server, askers, kind, list(questions))
            for kind, questions in _questions(vocabulary).items()
        ]
    table(
        f"Search over {MESSAGES:,} messages (target p95 50 ms)",
        ("question", "p50", "p95", "hits"),
        rows,
    )


def _questions(vocabulary: Vocabulary) -> dict[str, Sequence[str]]:
    words, dice = vocabulary.words, vocabulary.random
    common, usual, rare = words[:3], words[30:300], words[2_000:60_000]

    def some(population: Sequence[str]) -> list[str]:
        return [dice.choice(population) for _ in range(ROUNDS)]

    def pairs(one: Sequence[str], other: Sequence[str], form: str = "{} {}") -> list[str]:
        return [form.format(a, b) for a, b in zip(some(one), some(other), strict=True)]

    return {
        "rare word": some(rare),
        "usual word": some(usual),
        "unlucky common word": some(common),
        "common word, by time": [f"\x00{word}" for word in some(common)],
        "two common words": pairs(common, common),
        "rare and usual word": pairs(rare, usual),
        "beginning, 1 letter": some("abcdefghijklmnop"),
        "beginning, 3 letters": [word[:3] for word in some(words[5:60_000])],
        "rare word, then 1 letter": pairs(rare, "abcdefghijklmnop"),
        "phrase of usual words": pairs(usual, usual, '"{} {}"'),
        "phrase of common words": pairs(common, common, '"{} {}"'),
        "Chinese, 2 letters": ["".join(dice.choices(HAN, k=2)) for _ in range(ROUNDS)],
        "Chinese, 4 letters": ["".join(dice.choices(HAN, k=4)) for _ in range(ROUNDS)],
        "common word from:me": [f"{word} from:me" for word in some(common)],
        "common word in one month": [f"{word} during:2025-11" for word in some(common)],
        "usual word has:link": [f"{word} has:link" for word in some(usual)],
        "only from:me": ["from:me"] * ROUNDS,
        "common word, not another": pairs(common, usual, "{} -{}"),
        "word nobody said": [f"zz{word}qq" for word in some(rare)],
    }


async def _ask(
    http: aiohttp.ClientSession, server: Server, askers: list[Person], kind: str, asked: list[str]
) -> Sequence[str]:
    waits: list[float] = []
    hits = 0
    for number, question in enumerate(asked):
        by_time = question.startswith("\x00")
        url = f"http://127.0.0.1:{server.port}/api/v1/search?query={quote(question.strip(chr(0)))}"
        url += "&sort=time" if by_time else ""
        began = time.perf_counter()
        token = askers[number % len(askers)].token
        async with http.get(url, headers={"Authorization": f"Bearer {token}"}) as answer:
            answer.raise_for_status()
            found = (await answer.json())["hits"]
        if number:  # the first one warms up
            waits.append(time.perf_counter() - began)
        hits += len(found)
    waits.sort()
    p50, p95 = waits[len(waits) // 2], waits[len(waits) * 95 // 100]
    return (kind, f"{p50 * 1000:.1f} ms", f"{p95 * 1000:.1f} ms", f"{hits / len(asked):.1f}")


# A million messages


async def _load(
    server: Server, vocabulary: Vocabulary, authors: list[UUID], places: list[UUID]
) -> float:
    began = time.perf_counter()
    async with server.database() as conn:
        await conn.execute("SET synchronous_commit = off")
        await conn.execute("DROP INDEX search_index_words")
        said = _said(vocabulary, authors, places)
        while batch := list(itertools.islice(said, BATCH)):
            await _copy(conn, batch)
        await conn.execute("SET maintenance_work_mem = '256MB'")
        await conn.execute(
            "CREATE INDEX search_index_words ON search_index USING gin (words)"
            " WITH (fastupdate = off)"
        )
        await conn.execute(
            "UPDATE streams SET head = m.head FROM ("
            " SELECT room_id, max(seq) AS head FROM messages GROUP BY room_id) AS m"
            " WHERE streams.id = m.room_id"
        )
        await conn.execute("VACUUM ANALYZE search_index")
        await conn.execute("VACUUM ANALYZE messages")
    return time.perf_counter() - began


def _said(vocabulary: Vocabulary, authors: list[UUID], places: list[UUID]) -> Iterator[Said]:
    """In the order of their times. Some rooms are loud, most are not."""
    ids = SystemIds(SystemClock())
    begin, dice = datetime.now(UTC) - YEARS, vocabulary.random
    seqs = dict.fromkeys(places, 0)
    for number in range(MESSAGES):
        room = places[int(dice.paretovariate(0.8)) % ROOMS]
        seqs[room] += 1
        at = begin + YEARS * (number / MESSAGES)
        yield Said(room, seqs[room], ids.uuid7(), dice.choice(authors), at, vocabulary.text())


async def _copy(conn: Any, batch: list[Said]) -> None:
    """As the follower writes it."""
    await conn.copy_records_to_table(
        "messages",
        columns=["room_id", "seq", "id", "author_id", "client_id", "sent_at", "kind", "body"],
        records=[
            (one.room, one.seq, one.id, one.author, one.id, one.at, "text", _body(one.text))
            for one in batch
        ],
    )
    facets = [Facets(one.room, one.author, one.at) for one in batch]
    await conn.execute(
        "INSERT INTO search_index SELECT r, s, i, a, w::tsvector FROM unnest("
        "$1::uuid[], $2::bigint[], $3::uuid[], $4::timestamptz[], $5::text[]) AS n (r, s, i, a, w)",
        [one.room for one in batch],
        [one.seq for one in batch],
        [one.id for one in batch],
        [one.at for one in batch],
        [state.index(one.text, facet) for one, facet in zip(batch, facets, strict=True)],
    )


def _body(text: str) -> str:
    return msgspec.json.encode(TextBody(text=text)).decode()
