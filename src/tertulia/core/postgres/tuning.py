"""Settings of the embedded server, for a small machine. `custom.conf` beside it may override."""

from pathlib import Path

from tertulia.core.postgres.account import Account

SETTINGS = """\
# Written by Tertulia at every start: put your own settings into custom.conf, which wins.
max_connections = 100
shared_buffers = 128MB
effective_cache_size = 512MB
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 1GB
min_wal_size = 80MB
wal_compression = pglz
checkpoint_completion_target = 0.9
random_page_cost = 1.1
jit = off

# From the first day, so that a move to another server can replicate instead of stopping.
wal_level = logical
max_wal_senders = 4
max_replication_slots = 4

# Small, busy tables (streams, cursors) rot quickly at the defaults of 20 %.
autovacuum_vacuum_scale_factor = 0.05
autovacuum_analyze_scale_factor = 0.05
autovacuum_naptime = 20s

timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_min_duration_statement = 1s
log_checkpoints = off
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


def include_settings(cluster: Path, account: Account) -> None:
    """Let a new cluster read ours, then the owner's settings, after those initdb found."""
    custom = cluster / "custom.conf"
    custom.write_text("# Your own settings of this server; they win over tertulia.conf.\n")
    account.own(custom)
    write_settings(cluster, account)
    with (cluster / "postgresql.conf").open("a") as settings:
        settings.write("\ninclude_if_exists = 'tertulia.conf'\ninclude_if_exists = 'custom.conf'\n")


def write_settings(cluster: Path, account: Account) -> None:
    """Replace `tertulia.conf`; messages people wrote never reach the log (parameter lengths 0)."""
    unfinished = cluster / "tertulia.conf.new"
    unfinished.write_text(SETTINGS)
    account.own(unfinished)
    unfinished.rename(cluster / "tertulia.conf")


def fixed_settings(sockets: Path, *, fsync: bool) -> list[str]:
    """Arguments that no file may change: where it listens, and that commits are durable.

    Without fsync a commit still survives a killed process, though not a power cut.
    """
    on = "on" if fsync else "off"
    values = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "port": "5432",
        "logging_collector": "off",
        "log_destination": "stderr",
        "fsync": on,
        "full_page_writes": on,
        "synchronous_commit": "on",
    }
    return [part for name, value in values.items() for part in ("-c", f"{name}={value}")]
