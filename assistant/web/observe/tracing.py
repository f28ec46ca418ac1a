"""Traces for OpenTelemetry, where its SDK is installed and a collector is set. The only home of opentelemetry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.errors import ConfigurationError
from assistant.web.load.stages import Stage

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

Attributes = Mapping[str, str | int | float | bool]


class NoTraces:
    """What a server does that is not traced."""

    @contextmanager
    def request(self, method: str, headers: Mapping[str, str]) -> Iterator[dict[str, str | int]]:
        """A request; what is put into the mapping becomes attributes, `name` the span's name."""
        yield {}

    def stages(self, stages: Iterable[Stage], about: Attributes) -> None:
        """The stages of an answer, below the request that is going on."""

    def close(self) -> None:
        """Send what is left."""


class Traces(NoTraces):
    """Spans of requests and of the stages of answers, without the words of either.

    Args:
        processor: where spans go.
    """

    def __init__(self, processor: SpanProcessor) -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider

        self._provider = TracerProvider(resource=Resource({"service.name": "clusterlotse"}))
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("clusterlotse")

    @contextmanager
    def request(self, method: str, headers: Mapping[str, str]) -> Iterator[dict[str, str | int]]:
        """A request, as part of the trace that its `traceparent` header names."""
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        parent = TraceContextTextMapPropagator().extract(headers)
        about: dict[str, str | int] = {}
        options = {"context": parent, "kind": SpanKind.SERVER, "record_exception": False}
        with self._tracer.start_as_current_span(method, **options) as span:  # type: ignore[arg-type]
            yield about
            span.update_name(f"{method} {about.pop('name', '')}".strip())
            span.set_attributes(about)

    def stages(self, stages: Iterable[Stage], about: Attributes) -> None:
        """A span each, at the time it was."""
        for stage in stages:
            self._tracer.start_span(stage.name, start_time=stage.start, attributes=about).end(stage.end)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


def traces_to(address: str | None) -> NoTraces:
    """Traces for a collector that speaks OTLP over gRPC; none without an address.

    Raises:
        ConfigurationError: the SDK is not installed.
    """
    if address is None:
        return NoTraces()
    try:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise ConfigurationError(
            "LOTSE_TRACES needs OpenTelemetry.", "Run `pip install 'clusterlotse[otel]'`."
        ) from None
    return Traces(BatchSpanProcessor(OTLPSpanExporter(address, insecure=address.startswith("http://"))))
