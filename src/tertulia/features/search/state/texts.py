"""What of a message is searched."""

from tertulia.features.messages.schemas import Body, PollBody, TextBody, VoiceBody
from tertulia.features.search.state.folding import fold


def words_of(body: Body) -> str:
    """The text people find it by; empty for what nobody looks for."""
    match body:
        case TextBody(text=text) | VoiceBody(text=text):
            return text
        case PollBody(text=text, options=options):
            return "\n".join([text, *options])
        case _:
            return ""


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
