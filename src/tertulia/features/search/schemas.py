"""Shapes of search."""

from typing import Literal

from msgspec import field

from tertulia.core.wire import Shape
from tertulia.features.accounts.schemas import Account
from tertulia.features.files.schemas import File
from tertulia.features.messages.schemas import Message

Sort = Literal["relevance", "time"]
HintCode = Literal["unknown_operator", "unknown_value", "bad_date", "too_long", "unknown_room"]


class ExcerptPart(Shape, frozen=True):
    """`found`: this is what the question asked for."""

    text: str
    found: bool


class SearchHit(Shape, frozen=True):
    """The parts of `excerpt` are one line of the message's text, around what was found. `files` are
    those it brings along."""

    message: Message
    excerpt: list[ExcerptPart]
    files: list[File] = field(default_factory=list[File])


class SearchHint(Shape, frozen=True):
    """Something in the question was not understood: `about` is what was typed. `unknown_operator`
    was searched as words; with `unknown_value`, `bad_date` and `unknown_room` nothing can be found;
    what `too_long` names was left out, and everything behind it."""

    code: HintCode
    about: str


class SearchPage(Shape, frozen=True):
    """`people` are the accounts that the hits name. `next` is null on the last page; before it a
    page may hold few hits, or none: the server looked through its share."""

    hits: list[SearchHit]
    people: list[Account]
    hints: list[SearchHint]
    next: str | None
