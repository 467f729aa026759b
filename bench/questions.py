"""What people ask of a million messages, by kind; the first ones of a kind warm it up."""

import random
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from bench.corpus import HAN, KANA, THAI, vocabulary

ROUNDS = 25  # questions of a kind

# In all rooms, in most, in a dozen of middling ones, in a few that fell silent long ago.
Asker = Literal["all", "most", "few", "quiet"]


class Kind(NamedTuple):
    """`page`: the one that is waited for; those before it are read first."""

    name: str
    asker: Asker
    questions: list[str]
    sort: Literal["relevance", "time"] = "relevance"
    page: int = 1


def kinds(rare_author: str) -> list[Kind]:
    dice = random.Random(11)
    words = vocabulary()[0]
    common, usual, rare = words[:6], words[60:400], words[4_000:80_000]

    def made(make: Callable[[], str]) -> list[str]:
        return [make() for _ in range(ROUNDS)]

    def one(of: Sequence[str]) -> Callable[[], str]:
        return lambda: dice.choice(of)

    def form(pattern: str, *of: Sequence[str]) -> list[str]:
        return made(lambda: pattern.format(*(dice.choice(population) for population in of)))

    def letters(script: str, count: int) -> list[str]:
        return made(lambda: "".join(dice.choices(script, k=count)))

    def begin(length: int, of: Sequence[str]) -> list[str]:
        return [word[:length] for word in made(one([w for w in of if len(w) > length]))]

    everybody: list[Kind] = []
    for asker in ("all", "most", "few", "quiet"):
        everybody += [
            Kind("common word", asker, form("{}", common)),
            Kind("common word, by time", asker, form("{}", common), "time"),
            Kind("rare word", asker, form("{}", rare)),
            Kind("two common words", asker, form("{} {}", common, common)),
            Kind("beginning of 1 letter", asker, begin(1, words)),
            Kind("beginning of 3 letters", asker, begin(3, words)),
            Kind("phrase of common words", asker, form('"{} {}"', common, common)),
            Kind("phrase nobody said", asker, form('"{0} {1} the the the of"', common, common)),
            Kind("word nobody said", asker, form("zz{}qq", rare)),
        ]
    return [
        *everybody,
        Kind("usual word", "most", form("{}", usual)),
        Kind("usual word, page 2", "most", form("{}", usual), page=2),
        Kind("common word by time, page 2", "most", form("{}", common), "time", page=2),
        Kind("common word by time, page 10", "most", form("{}", common), "time", page=10),
        Kind("rare word and beginning of 1 letter", "most", form("{} {:.1}", rare, words)),
        Kind("three beginnings of 1 letter", "most", form("{:.1}* {:.1}* {:.1}*", *[words] * 3)),
        Kind("phrase of usual words", "most", form('"{} {}"', usual, usual)),
        Kind("common word, not another", "most", form("{} -{}", common, usual)),
        Kind("no common word at all", "most", ["-the -to -of -and -a"] * ROUNDS),
        Kind("Chinese, 1 letter", "most", letters(HAN, 1)),
        Kind("Chinese, 2 letters", "most", letters(HAN, 2)),
        Kind("Chinese, 4 letters", "most", letters(HAN, 4)),
        Kind("Japanese, 2 letters", "most", letters(KANA, 2)),
        Kind("Thai, 4 letters", "most", letters(THAI, 4)),
        Kind("common word from:me", "most", form("{} from:me", common)),
        Kind("phrase from: who says little", "most", form(f'"{{}} of" from:{rare_author}', common)),
        Kind("only from:me", "most", ["from:me"] * ROUNDS),
        Kind("common word in: one room", "most", form("{} in:room-3", common)),
        Kind("common word has:link", "most", form("{} has:link", common)),
        Kind("common word has:poll, there are none", "most", form("{} has:poll", common)),
        Kind("common word is:mention", "most", form("{} is:mention", common)),
        Kind("common word is:thread", "most", form("{} is:thread", common)),
        Kind("common word is:starred", "most", form("{} is:starred", common)),
        Kind("common word is:pinned", "most", form("{} is:pinned", common)),
        Kind("common word during: a month", "most", form("{} during:2025-11", common)),
        Kind("common word before: a year ago", "most", form("{} before:2025-06", common)),
        Kind("common word after: this month began", "most", form("{} after:2026-11-01", common)),
    ]  # fmt: skip
