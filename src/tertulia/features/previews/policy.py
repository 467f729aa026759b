"""Which links of a text are looked at, and how long an answer holds: pure rules."""

import re
from datetime import datetime, timedelta

from tertulia.features.previews.schemas import MAX_LINKS

FOUND_FOR = timedelta(days=7)
NOTHING_FOR = timedelta(hours=1)
LATE = timedelta(hours=1)
IMAGES_FOR = timedelta(days=180)

# Code, in Markdown's two forms: a link in there is an example. An unclosed fence runs to the end.
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.M | re.S)
_INLINE = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\1).|\1`)*?(?<!`)\1(?!`)", re.S)
_URL = re.compile(r"https?://[^\s<>\"'`|\\^{}\[\]]{3,2000}", re.I)
# Spoilers are not to be given away, and `<…>` around a link asks for no preview (as elsewhere).
_HIDDEN = re.compile(r"\|\|.+?\|\||<https?://[^>\s]+>", re.S | re.I)
_TRAILING = ".,;:!?*_~"


def is_late(said_at: datetime, told_at: datetime, now: datetime) -> bool:
    """Was it said elsewhere and brought here, or told while nobody followed? Nobody waits for
    that."""
    return told_at - said_at > LATE or now - told_at > LATE


def links(text: str) -> list[str]:
    """The first few addresses of a text, each once, in its order."""
    for hidden in (_FENCE, _INLINE, _HIDDEN):
        text = hidden.sub(" ", text)
    found = dict.fromkeys(_trimmed(match[0]) for match in _URL.finditer(text))
    return list(found)[:MAX_LINKS]


def _trimmed(url: str) -> str:
    """Without the sentence's punctuation, and without a bracket that was opened before it."""
    while url:
        if url[-1] in _TRAILING or (url[-1] == ")" and url.count(")") > url.count("(")):
            url = url[:-1]
        else:
            break
    return url
