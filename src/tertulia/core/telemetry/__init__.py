"""What the server says about itself: logs and metrics. Never content, tokens or e-mails."""

from tertulia.core.telemetry.commands import CommandMeter
from tertulia.core.telemetry.logs import install_logging
from tertulia.core.telemetry.loop import watch_loop
from tertulia.core.telemetry.metrics import Build, Telemetry
from tertulia.core.telemetry.sockets import SocketCollector

__all__ = ["Build", "CommandMeter", "SocketCollector", "Telemetry", "install_logging", "watch_loop"]
