"""What the server says about itself: logs and metrics. Never content, tokens or e-mails."""

from tertulia.core.telemetry.loop import watch_loop
from tertulia.core.telemetry.metrics import Build, Telemetry

__all__ = ["Build", "Telemetry", "watch_loop"]
