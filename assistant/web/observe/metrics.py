"""Figures of one server for Prometheus. The only home of prometheus_client. No label holds what a user wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.process_collector import ProcessCollector

from assistant.types import Answer
from assistant.web.load.gate import Gate
from assistant.web.load.stages import Stage

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """A registry of its own for each application."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._questions = Counter(
            "lotse_questions", "Questions answered, from the cache too", ["status", "engine"], registry=registry
        )
        self._failures = Counter(
            "lotse_failed_questions", "Questions that ended with an error", ["error"], registry=registry
        )
        self._degraded = Counter("lotse_degraded_answers", "Quotes in place of a failed model", registry=registry)
        self._cache = Counter("lotse_cache", "Looks into the cache of answers", ["result"], registry=registry)
        self._stages = Histogram(
            "lotse_stage_seconds", "Time of one stage of an answer", ["stage"], buckets=_SECONDS, registry=registry
        )
        self._requests = Histogram(
            "lotse_request_seconds",
            "Time of a request",
            ["method", "route", "status"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._refused = Counter(
            "lotse_refused_requests", "Requests refused before any work", ["reason"], registry=registry
        )

    def watch(self, gate: Gate) -> None:
        """Show a gate's queue."""
        gauges: Iterable[tuple[str, str, Callable[[], float]]] = (
            ("lotse_questions_running", "Questions being answered", lambda: gate.running),
            ("lotse_questions_waiting", "Questions in the queue", lambda: gate.waiting),
            ("lotse_queue_size", "Questions that may wait", lambda: gate.queue),
        )
        for name, about, value in gauges:
            Gauge(name, about, registry=self._registry).set_function(value)

    def answered(self, answer: Answer, stages: Iterable[Stage] = ()) -> None:
        """Count an answer; without stages it came from the cache."""
        self._questions.labels(answer.status, answer.engine).inc()
        if answer.degraded:
            self._degraded.inc()
        for stage in stages:
            self._stages.labels(stage.name).observe((stage.end - stage.start) / 1e9)

    def failed(self, error: Exception) -> None:
        """Count a question without an answer."""
        self._failures.labels(type(error).__name__).inc()

    def looked_up(self, *, hit: bool) -> None:
        """Count a look into the cache."""
        self._cache.labels("hit" if hit else "miss").inc()

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; `route` is the address as it is declared, never as it was called."""
        self._requests.labels(method, route, status).observe(seconds)

    def refused(self, reason: str) -> None:
        """Count a request that the guard sent away."""
        self._refused.labels(reason).inc()

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self._registry)
