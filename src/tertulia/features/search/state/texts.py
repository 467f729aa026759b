"""What of a message is searched."""

import re
from collections.abc import Sequence

from tertulia.features.files.schemas import File
from tertulia.features.messages.schemas import Body, FilesBody, PollBody, TextBody, VoiceBody
from tertulia.features.search.state.folding import fold

_FENCE = re.compile(r"```[\w+-]*\n?")


def words_of(body: Body, files: Sequence[File] = ()) -> str:
    """The text people find it by; empty for what nobody looks for. `files` are its own: they are
    found by their names, and by what is said of them in words."""
    match body:
        case FilesBody(text=text, files=attached):
            said = (text, *(one.alt for one in attached), *(file.name for file in files))
            return "\n".join(filter(None, said))
        case TextBody(text=text) | VoiceBody(text=text):
            return text
        case PollBody(text=text, options=options):
            return "\n".join([text, *options])
        case _:
            return ""


def plain(text: str) -> str:
    """For reading in one line: without the fences around code."""
    return _FENCE.sub("", text)


def holds(body: Body, files: Sequence[File] = ()) -> list[str]:
    """Values of `has:` that its kind and its files answer for. Of what kind a file is, is known
    once it was looked at."""
    match body:
        case FilesBody():
            kinds = {file.media_type.partition("/")[0] for file in files}
            return ["file", *sorted(kinds & {"image", "video"})]
        case VoiceBody():
            return ["voice"]
        case PollBody():
            return ["poll"]
        case _:
            return []


def same_name(name: str) -> str:
    """Equal for names that read the same."""
    return " ".join(fold(name).text.split())
