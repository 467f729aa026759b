"""What jobs count."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600)


class JobMeter:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.finished = Counter(
            "tertulia_jobs_finished_total",
            "Runs of jobs that ended: done, retried, dead, cancelled, handed back, lost.",
            ("kind", "result"),
            registry=registry,
        )
        self.taken_over = Counter(
            "tertulia_jobs_taken_over_total",
            "Jobs whose process fell silent.",
            ("kind",),
            registry=registry,
        )
        self.duration = Histogram(
            "tertulia_job_duration_seconds",
            "How long a run took.",
            ("kind",),
            buckets=SECONDS,
            registry=registry,
        )
        self.wait = Histogram(
            "tertulia_job_wait_seconds",
            "How long a job was due before it ran.",
            ("kind",),
            buckets=SECONDS,
            registry=registry,
        )
        self.running = Gauge(
            "tertulia_jobs_running", "Jobs this process runs.", ("kind",), registry=registry
        )
        self.queued = Gauge(
            "tertulia_jobs_queued", "Jobs that are due and wait.", ("kind",), registry=registry
        )
        self.oldest = Gauge(
            "tertulia_job_oldest_age_seconds",
            "How long the oldest of them is due.",
            ("kind",),
            registry=registry,
        )
        self.dead = Gauge(
            "tertulia_jobs_dead",
            "Jobs given up on, which wait for an administrator.",
            ("kind",),
            registry=registry,
        )
