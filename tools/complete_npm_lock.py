"""Name in web/package-lock.json the optional packages of platforms the registry did not offer.

npm leaves an optional dependency out of the lock when a mirror lacks it (another system's native
build, usually), and `npm ci` then refuses the lock as incomplete. An entry with version and
platform is enough for it: on other platforms it is skipped, on that platform installed. Such an
entry has no integrity hash, because nobody here has seen the package.

Run after every change of the lock: `make lock`, or `python tools/complete_npm_lock.py`.
"""

import json
import re
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parents[1] / "web" / "package-lock.json"
SYSTEMS = ("android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "win32")
CPUS = ("arm64", "arm", "ia32", "loong64", "ppc64", "riscv64", "s390x", "wasm32", "x64")
LIBCS = ("gnu", "musl")
EXACT = re.compile(r"\d+\.\d+\.\d+[\w.+-]*")


def main() -> None:
    lock = json.loads(LOCK.read_text())
    packages: dict[str, Any] = lock["packages"]
    missing = dict(find_missing(packages))
    if missing:
        ordered = sorted((packages | missing).items())
        lock["packages"] = dict(ordered)
        LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")
    for path in missing:
        print(f"named {path}")


def find_missing(packages: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for parent, package in packages.items():
        for name, version in package.get("optionalDependencies", {}).items():
            if not is_placed(packages, parent, name) and EXACT.fullmatch(version):
                found.append((f"node_modules/{name}", entry(name, version, package)))
    return found


def is_placed(packages: dict[str, Any], parent: str, name: str) -> bool:
    """Whether Node would find it from there: in the parent's own folder or any above."""
    folders = parent.split("/node_modules/") if parent else []
    above = ["/node_modules/".join(folders[:depth]) for depth in range(len(folders), 0, -1)]
    places = [f"{folder}/node_modules/{name}" for folder in above] + [f"node_modules/{name}"]
    return any(place in packages for place in places)


def entry(name: str, version: str, parent: dict[str, Any]) -> dict[str, Any]:
    words = re.split(r"[-/]", name)
    systems = [system for system in SYSTEMS if system in words]
    cpus = [cpu for cpu in CPUS if cpu in words]
    return {
        "version": version,
        **({"cpu": cpus} if cpus else {}),
        **({"dev": True} if parent.get("dev") else {}),
        **({"libc": ["musl" if "musl" in words else "glibc"]} if words[-1] in LIBCS else {}),
        "optional": True,
        **({"os": systems} if systems else {}),
    }


if __name__ == "__main__":
    main()
