"""What of a message is searched."""

import re

from tertulia.features.messages.schemas import Body, PollBody, TextBody, VoiceBody
from tertulia.features.search.state.folding import fold

_FENCE = re.compile(r"```[\w+-]*\n?")


def words_of(body: Body) -> str:
    """The text people find it by; empty for what nobody looks for."""
    match body:
        case TextBody(text=text) | VoiceBody(text=text):
            return text
        case PollBody(text=text, options=options):
            return "\n".join([text, *options])
        case _:
            return ""


def plain(text: str) -> str:
    """For reading in one line: without the fences around code."""
    return _FENCE.sub("", text)


def holds(body: Body) -> list[str]:
    """Values of `has:` that its kind answers for."""
    match body:
        case VoiceBody():
            return ["voice"]
        case PollBody():
            return ["poll"]
        case _:
            return []


def same_name(name: str) -> str:
    """Equal for names that read the same."""
    return " ".join(fold(name).text.split())
