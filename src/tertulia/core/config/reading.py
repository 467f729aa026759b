"""From the sources to Settings: flag, then environment, then `*_FILE`, then TOML, then default."""

import difflib
import os
import secrets
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from tertulia.core.config.settings import Settings, specs
from tertulia.core.config.spec import PREFIX, Spec
from tertulia.core.config.values import ANY_ADDRESS, REDACTED, ConfigError, Secret, is_local

CONFIG_FILE = f"{PREFIX}CONFIG"
FILE_SUFFIX = "_FILE"
CREDENTIALS = "CREDENTIALS_DIRECTORY"
NOTICE_SECONDS = 2.0  # two looks of a balancer that asks every second
SECRET_FILE = "secret_key"  # noqa: S105 — a file's name


@dataclass(frozen=True)
class Given:
    """A value as it was found, and where."""

    raw: str
    origin: str


@dataclass(frozen=True)
class Reading:
    """The settings together with where each came from: what `config show` prints."""

    settings: Settings
    origins: Mapping[str, str]

    def shown(self, name: str) -> str:
        """A value fit for a screen: secrets are named, never shown."""
        value = getattr(self.settings, name)
        if specs()[name].secret:
            return REDACTED if value is not None else ""
        if isinstance(value, tuple):
            separator = ":" if name.endswith("listen") else ", "
            return separator.join(str(part) for part in cast("tuple[object, ...]", value))
        return "" if value is None else str(value)


def load(
    env: Mapping[str, str],
    toml_path: Path | None = None,
    flags: Mapping[str, str | None] | None = None,
    *,
    make_secret: bool = True,
) -> Settings:
    """Read every setting once. Raises ConfigError with everything that is wrong.

    `flags` are values by setting name, as typed; None is a flag not given. Without `toml_path`
    the file named by TERTULIA_CONFIG is read. `make_secret=False` leaves the disk alone: where no
    secret key exists yet it is then an empty one.
    """
    return read(env, toml_path, flags, make_secret=make_secret).settings


def read(
    env: Mapping[str, str],
    toml_path: Path | None = None,
    flags: Mapping[str, str | None] | None = None,
    *,
    make_secret: bool = False,
) -> Reading:
    """As `load`, with the origin of each value."""
    problems: list[str] = []
    known = specs()
    given = {
        **_from_toml(toml_path or _named_file(env), known, problems),
        **_from_files(env, known, problems),
        **_from_env(env, known, problems),
        **_from_flags(flags or {}),
    }
    found = {name: _value(spec, given.get(name), problems) for name, spec in known.items()}
    if problems or (problems := list(_contradictions(found))):
        raise ConfigError(problems)
    origins = {name: given[name].origin if name in given else "default" for name in known}
    _work_out(found, origins, make_secret=make_secret)
    return Reading(Settings(**found), origins)


def _from_flags(flags: Mapping[str, str | None]) -> dict[str, Given]:
    return {
        name: Given(raw, f"flag --{name.replace('_', '-')}")
        for name, raw in flags.items()
        if raw is not None
    }


def _from_env(
    env: Mapping[str, str], known: Mapping[str, Spec], problems: list[str]
) -> dict[str, Given]:
    names = {spec.env: spec.name for spec in known.values()}
    allowed = {*names, *(spec.env + FILE_SUFFIX for spec in known.values() if spec.secret)}
    for variable in sorted(env):
        if variable.startswith(PREFIX) and variable not in {*allowed, CONFIG_FILE}:
            problems.append(f"{variable} is no setting{_nearest(variable, allowed)}.")
    return {
        name: Given(env[variable], variable) for variable, name in names.items() if variable in env
    }


def _from_files(
    env: Mapping[str, str], known: Mapping[str, Spec], problems: list[str]
) -> dict[str, Given]:
    """Secrets from `TERTULIA_…_FILE`, or from the folder of systemd's LoadCredential."""
    found: dict[str, Given] = {}
    for spec in known.values():
        variable = spec.env + FILE_SUFFIX
        path = _secret_file(env, spec)
        if not spec.secret or path is None:
            continue
        if variable in env and spec.env in env:
            problems.append(f"{spec.env} and {variable} are both set: keep one.")
            continue
        try:
            found[spec.name] = Given(path.read_text().strip(), f"file {path}")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{variable}: {path} cannot be read ({error}).")
    return found


def _secret_file(env: Mapping[str, str], spec: Spec) -> Path | None:
    named = env.get(spec.env + FILE_SUFFIX)
    if named is not None:
        return Path(named)
    folder = env.get(CREDENTIALS)
    credential = Path(folder) / spec.name if folder else None
    return credential if credential is not None and credential.is_file() else None


def _named_file(env: Mapping[str, str]) -> Path | None:
    return Path(env[CONFIG_FILE]) if env.get(CONFIG_FILE) else None


def _from_toml(
    path: Path | None, known: Mapping[str, Spec], problems: list[str]
) -> dict[str, Given]:
    if path is None:
        return {}
    try:
        tree = tomllib.loads(path.read_text())
    except OSError as error:
        problems.append(f"{path} cannot be read ({error.strerror}).")
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path} is not valid TOML: {error}.")
        return {}
    found: dict[str, Given] = {}
    for name, value in _flat(tree):
        if name not in known:
            problems.append(f"{path}: {name} is no setting{_nearest(name, known)}.")
        else:
            found[name] = Given(_as_text(value), f"{path}")
    return found


def _flat(tree: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, Any]]:
    """`[database] url = …` and `database_url = …` are the same setting."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(cast("dict[str, Any]", value), f"{before}{key}_")
        else:
            yield f"{before}{key}", value


def _as_text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(str(item) for item in cast("list[object]", value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _nearest(name: str, among: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(among), n=1, cutoff=0.6)
    return f"; did you mean {near[0]}" if near else ""


def _value(spec: Spec, given: Given | None, problems: list[str]) -> Any:
    raw = spec.default if given is None else given.raw
    if raw is None:
        return None
    try:
        return spec.read(raw)
    except ValueError as error:
        where = given.origin if given is not None else "default"
        name = spec.env if where in {spec.env, "default"} else f"{spec.env} ({where})"
        problems.append(f"{name} {error}.")
        return None


def _contradictions(found: Mapping[str, Any]) -> Iterable[str]:
    """Settings that are fine alone, but not together."""
    if (found["workers"] or 1) > 1 and found["redis_url"] is None:
        yield (
            f"{PREFIX}WORKERS above 1 needs {PREFIX}REDIS_URL: several processes hear of each "
            "other's messages through Redis."
        )
    keys = (found["storage_access_key"], found["storage_secret_key"])
    bucket = found["storage_url"] is not None and found["storage_url"].value.startswith("s3://")
    if bucket and None in keys:
        yield (
            f"{PREFIX}STORAGE_URL of a bucket needs {PREFIX}STORAGE_ACCESS_KEY and "
            f"{PREFIX}STORAGE_SECRET_KEY (or each with _FILE)."
        )
    notice, whole = found["drain_notice"], found["drain_seconds"]
    if notice is not None and whole is not None and notice > whole / 2:
        yield f"{PREFIX}DRAIN_NOTICE must be at most half of {PREFIX}DRAIN_SECONDS."


def _work_out(found: dict[str, Any], origins: dict[str, str], *, make_secret: bool) -> None:
    """Defaults that depend on other settings."""
    if found["public_url"] is None:
        host = "127.0.0.1" if found["host"] in ANY_ADDRESS else found["host"]
        host = f"[{host}]" if ":" in host else host
        found["public_url"] = f"http://{host}:{found['port']}"
    if found["registration"] is None:
        names = (found["host"], urlsplit(found["public_url"]).hostname)
        found["registration"] = "open" if all(map(is_local, names)) else "invite"
    if found["drain_notice"] is None:
        alone = found["redis_url"] is None
        found["drain_notice"] = 0.0 if alone else min(NOTICE_SECONDS, found["drain_seconds"] / 4)
    if found["database_direct_url"] is None:
        found["database_direct_url"] = found["database_url"]
    if found["secret_key"] is None:
        path = cast("Path", found["data_dir"]) / SECRET_FILE
        found["secret_key"] = Secret(_kept_secret(path, make=make_secret))
        origins["secret_key"] = f"file {path}"


def _kept_secret(path: Path, *, make: bool) -> str:
    """The generated key. Written under another name and linked into place, so that of two servers
    starting at once both use the one that won, and no reader sees half a key."""
    if make and not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_name(f".{SECRET_FILE}.{secrets.token_hex(8)}")
        unfinished.touch(mode=0o600)
        unfinished.write_text(secrets.token_urlsafe(32) + "\n")
        try:
            os.link(unfinished, path)
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ConfigError([f"{path} cannot be read ({error.strerror})."]) from error
