"""The settings in words: for `tertulia config` and for docs/ops/settings.md."""

from typing import Any

from tertulia.core.config.reading import FILE_SUFFIX, Reading
from tertulia.core.config.settings import specs
from tertulia.core.config.spec import Spec


def as_lines(reading: Reading) -> list[str]:
    """One line a setting: name, value, origin, default."""
    lines: list[str] = []
    for spec in specs().values():
        origin = reading.origins[spec.name]
        default = f"  (default {spec.default})" if origin != "default" and spec.default else ""
        lines.append(f"{spec.name:20} {reading.shown(spec.name) or '–':32} {origin}{default}")
    return lines


def explain(spec: Spec) -> str:
    """What one setting means and every way to give it."""
    ways = [spec.env, *([spec.env + FILE_SUFFIX] if spec.secret else [])]
    return "\n".join(
        [
            spec.doc,
            f"  form      {spec.form}",
            f"  default   {spec.default if spec.default else '–'}",
            f"  variable  {' or '.join(ways)}",
            f"  TOML      {spec.name}",
        ]
    )


def as_json_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of the TOML file with flat keys."""
    properties = {
        spec.name: {
            "type": "array" if spec.form.endswith("by commas") else ["string", "integer"],
            "description": spec.doc,
            **({"default": spec.default} if spec.default else {}),
        }
        for spec in specs().values()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of Tertulia",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def as_markdown() -> str:
    """docs/ops/settings.md; `tools/write_settings_page.py` writes it and a test compares."""
    rows = [
        f"### `{spec.env}`\n\n{spec.doc}\n\n"
        f"| form | default | TOML | secret |\n|---|---|---|---|\n"
        f"| {spec.form.replace('|', 'or')} | {_code(spec.default)} | `{spec.name}` "
        f"| {'yes: also `' + spec.env + FILE_SUFFIX + '`' if spec.secret else 'no'} |\n"
        for spec in specs().values()
    ]
    return _INTRODUCTION + "\n".join(rows)


def _code(default: str | None) -> str:
    return f"`{default}`" if default else "–"


_INTRODUCTION = """\
# Settings

<!-- Written by tools/write_settings_page.py from src/tertulia/core/config/settings.py. -->

Every setting is a variable `TERTULIA_<NAME>`, a key of a TOML file (`--config FILE` or
`TERTULIA_CONFIG`), and for the most common ones a flag of `tertulia serve`. A flag wins over the
environment, that over `*_FILE`, that over TOML, that over the default.

- In TOML `[database] url = "…"` and `database_url = "…"` are the same.
- Durations and sizes carry their unit: `30s`, `100MiB`.
- Secrets are also read from the file named by `<VARIABLE>_FILE`, or from a file of the setting's
  name in `$CREDENTIALS_DIRECTORY` (systemd `LoadCredential=`). Giving both is an error.
- An unknown `TERTULIA_…` variable is an error that names the nearest known one.
- `tertulia config show` prints what is in force and where it came from, `config explain NAME` one
  setting, `config check` what is wrong (exit code 78), `config schema` a JSON Schema.

"""
