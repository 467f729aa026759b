"""nginx and Caddy with the configurations of deploy/, on a port of the test's own.

A file of deploy/ is taken as it is but for what it tells its reader to change.
"""

import asyncio
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "deploy"
PATIENCE = 20.0  # seconds
SEARCHED = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))

NGINX = """\
{user}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    include site.conf;
}}
"""
CADDY = """\
{
	admin off
	skip_install_trust
	auto_https disable_redirects
	grace_period 1s
}
import site
"""


@dataclass(frozen=True)
class Front:
    """A proxy that answers at `url` with a certificate of `authority` (a PEM file)."""

    kind: str
    url: str
    authority: Path

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.authority)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@asynccontextmanager
async def front(
    kind: str, port: int, nodes: Sequence[int], *, prefix: bool = False
) -> AsyncGenerator[Front]:
    """`kind`: nginx or caddy. It listens on localhost:`port` and passes on to the ports `nodes`;
    `prefix`: with the configuration for a path of a shared host."""
    with tempfile.TemporaryDirectory(prefix="tertulia-front-") as name:
        folder = Path(name)
        write = {"nginx": _nginx, "caddy": _caddy}[kind]
        command, authority = write(folder, port, nodes, prefix)
        environment = {**os.environ, "HOME": name, "XDG_DATA_HOME": name, "XDG_CONFIG_HOME": name}
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(command, cwd=folder, env=environment, stderr=log)
        made = Front(kind, f"https://localhost:{port}", authority)
        try:
            await _until_it_answers(made, port, process, folder)
            yield made
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait, PATIENCE)


def changed(text: str, changes: dict[str, str]) -> str:
    """With each of these replaced; all must be there, or the test would run something else."""
    for old, new in changes.items():
        assert old in text, f"{old!r} is no longer in the configuration"
        text = text.replace(old, new)
    return text


def _nginx(folder: Path, port: int, nodes: Sequence[int], prefix: bool) -> tuple[list[str], Path]:
    key, certificate = _certificate(folder)
    live = "/etc/letsencrypt/live/localhost"
    changes = {
        "chat.example.org": "localhost",
        f"{live}/fullchain.pem": str(certificate),
        f"{live}/privkey.pem": str(key),
        "listen 443 ssl http2": f"listen 127.0.0.1:{port} ssl http2",
        "listen 80": f"listen 127.0.0.1:{free_port()}",
        "server 127.0.0.1:8000;": " ".join(f"server 127.0.0.1:{node};" for node in nodes),
    }
    site = changed((DEPLOY / "nginx" / "tertulia.conf").read_text(), changes)
    if prefix:
        shared = (DEPLOY / "nginx" / "prefix.conf").read_text()
        site = changed(site, {"location / {": f"{shared}\n    location / {{"})
    (folder / "site.conf").write_text(site)
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(user=user))
    command = [_program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    return command, certificate


def _caddy(folder: Path, port: int, nodes: Sequence[int], prefix: bool) -> tuple[list[str], Path]:
    name, host = ("prefix.Caddyfile", "www") if prefix else ("Caddyfile", "chat")
    changes = {
        f"{host}.example.org {{": f"https://localhost:{port} {{\n\tbind 127.0.0.1",
        "reverse_proxy 127.0.0.1:8000": "reverse_proxy "
        + " ".join(f"127.0.0.1:{node}" for node in nodes),
    }
    (folder / "site").write_text(changed((DEPLOY / "caddy" / name).read_text(), changes))
    (folder / "Caddyfile").write_text(CADDY)
    command = [_program("caddy"), "run", "--config", "Caddyfile", "--adapter", "caddyfile"]
    return command, folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"


def _program(name: str) -> str:
    found = shutil.which(name, path=SEARCHED)
    assert found, f"no {name}: `make test` installs it (tools/bootstrap.sh tests)"
    return found


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Key and certificate of a `localhost` that vouches for itself."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(
        ["openssl", "req", "-x509", *kind, *name, *files], check=True, capture_output=True
    )
    return key, certificate


async def _until_it_answers(
    made: Front, port: int, process: subprocess.Popen[bytes], folder: Path
) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            context = made.trust()
            _, writer = await asyncio.open_connection("localhost", port, ssl=context)
        except (OSError, ssl.SSLError):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{made.kind}: {(folder / 'log').read_text()}") from None
            # There is nothing to wait on but the port.
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return
