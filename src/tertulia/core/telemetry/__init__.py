"""What the server says about itself: logs and metrics. Never content, tokens or e-mails."""

from tertulia.core.telemetry.logs import install_logging
from tertulia.core.telemetry.loop import watch_loop
from tertulia.core.telemetry.metrics import Build, Telemetry

__all__ = ["Build", "Telemetry", "install_logging", "watch_loop"]
