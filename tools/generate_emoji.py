"""Writes web/src/features/emoji/data.json: Unicode's emoji in the picker's order, with the names
people type. Short names are the server's (`core/emoji.py`): no custom emoji has one of them.

    python tools/generate_emoji.py [--check]

Needs `npm ci` in web/: groups and keywords are of the packages unicode-emoji-json and emojilib.
"""

import json
import sys
from pathlib import Path
from typing import Any

import emoji

WEB = Path(__file__).parents[1] / "web"
TARGET = WEB / "src/features/emoji/data.json"
NEWEST = 15.1  # of what fonts in use can draw
TONE = "\U0001f3fd"
GROUPS = ("smileys", "people", "nature", "food", "travel", "activities", "objects", "symbols",
          "flags")  # fmt: skip


def main() -> int:
    text = json.dumps(data(), ensure_ascii=False, separators=(",", ":")) + "\n"
    if "--check" in sys.argv:
        return int(TARGET.read_text() != text)
    TARGET.write_text(text)
    return 0


def data() -> list[Any]:
    """`[[group, [[emoji, names, keywords, takes a skin tone (1 or 0)], …]], …]`; names and keywords
    are words joined by spaces."""
    emoji.config.load_language("es")
    packages = WEB / "node_modules"
    groups = json.loads((packages / "unicode-emoji-json/data-by-group.json").read_text())
    keywords = json.loads((packages / "emojilib/dist/emoji-en-US.json").read_text())
    return [
        [name, [entry(one, keywords) for one in group["emojis"] if is_drawn(one)]]
        for name, group in zip(GROUPS, groups, strict=True)
    ]


def is_drawn(one: dict[str, Any]) -> bool:
    return float(one["emoji_version"]) <= NEWEST and one["emoji"] in emoji.EMOJI_DATA


def entry(one: dict[str, Any], keywords: dict[str, list[str]]) -> list[Any]:
    char: str = one["emoji"]
    about: dict[str, Any] = emoji.EMOJI_DATA[char]
    names = [name.strip(":").lower() for name in (*about.get("alias", ()), about["en"])]
    spanish = about.get("es", "").strip(":").lower()
    more = {word.lower().replace(" ", "_") for word in keywords.get(char, [])} - set(names)
    words = [*sorted(more), *([spanish] if spanish else [])]
    return [char, " ".join(dict.fromkeys(names)), " ".join(words), int(toned(char))]


def toned(char: str) -> bool:
    """Does one skin tone behind its first code point make it another emoji?"""
    return char[0] + TONE + char[1:].removeprefix("\ufe0f") in emoji.EMOJI_DATA


if __name__ == "__main__":
    sys.exit(main())
