"""Every route with made-up requests, right and wrong ones: no failure of the server, and every reply as it is described.

`make test` takes a fixed sample, `make fuzz` (FUZZ=1) the thousands.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig

from assistant.web.api import create_app, described
from tests.live_server import live_server
from tests.small_service import small_service

IN_FULL = "FUZZ" in os.environ
EXAMPLES = 500 if IN_FULL else 5  # of each operation and kind, besides those at the limits of what the schema allows
LEAST = 5_000
sent: Counter[str] = Counter()


schema = schemathesis.openapi.from_dict(described(), config=SchemathesisConfig(seed=6))
# A schema cannot say how many bytes a body may have, nor that the last message is the user's.
for check, more in (("negative_data_rejection", []), ("positive_data_acceptance", [400])):
    settings = getattr(schema.config.checks, check)
    settings.expected_statuses = [*settings.expected_statuses, "413", *map(str, more)]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("fuzz")
    with live_server(create_app(small_service(folder), with_chat=False, files=folder / "documents")) as origin:
        yield origin


@schema.parametrize()
@hypothesis.settings(max_examples=EXAMPLES, suppress_health_check=list(hypothesis.HealthCheck))
def test_every_reply_is_as_described(case: Any, origin: str) -> None:
    sent[f"{case.method} {case.path}"] += 1
    case.call_and_validate(base_url=origin)


def test_every_route_was_asked() -> None:
    """The last one here, since it counts what the others sent."""
    paths = described()["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert routes <= set(sent)  # and some with methods that they do not take
    print(f"\n{sum(sent.values()):,} requests:", {route: sent[route] for route in sorted(routes)})
    assert not IN_FULL or sum(sent.values()) >= LEAST
