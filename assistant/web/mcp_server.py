"""The assistant's tools over the Model Context Protocol, by HTTP and by standard input and output. The only home of mcp.

Over HTTP nothing is remembered between two calls, so any process may answer the next one.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.to_thread
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    TextContent,
    ToolAnnotations,
)
from mcp.types import Tool as DescribedTool
from pydantic import TypeAdapter, ValidationError
from starlette.types import Receive, Scope, Send

from assistant import __version__
from assistant.errors import AssistantError
from assistant.pipeline import Service
from assistant.web.problems import problem
from assistant.web.tools import TOOLS, Tool

MAX_BODY = 256_000  # bytes
_INSTRUCTIONS = (
    "Answers and passages about German life-science clusters, in German and English. Every answer consists of verbatim "
    "quotes with citations: keep its markers [1], and name the sources. `not_found` means that the documents do not say."
)


def build_server(service: Callable[[], Service]) -> Server[Any]:
    """The tools of a service, whichever way they are called; it is asked for when a tool is called, in a thread."""

    async def list_tools(*_: object) -> ListToolsResult:
        return ListToolsResult(tools=[_described(name, tool) for name, tool in TOOLS.items()])

    async def call_tool(_: object, params: CallToolRequestParams) -> CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, f"There is no tool {params.name[:64]!r}. There are: {', '.join(TOOLS)}.")
        try:
            body = tool.takes.model_validate(params.arguments or {})
            said, result = await anyio.to_thread.run_sync(lambda: tool.call(body, service()))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"]))
            return _failed(f"{where}: {first['msg']}.")
        except AssistantError as error:
            return _failed(str(error))
        return CallToolResult(
            content=[TextContent(type="text", text=said)], structured_content=json.loads(json.dumps(result))
        )

    return Server(
        "clusterlotse",
        version=__version__,
        title="Clusterlotse",
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _described(name: str, tool: Tool) -> DescribedTool:
    return DescribedTool(
        name=name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.takes.model_json_schema(),
        output_schema=TypeAdapter(tool.gives).json_schema(mode="serialization"),
        annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )


def _failed(said: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=said)], is_error=True)


class Endpoint:
    """The tools over streamable HTTP, as an ASGI application; it answers while `running`."""

    def __init__(self, service: Service) -> None:
        self._server = build_server(lambda: service)
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """As long as the application runs."""
        manager = StreamableHTTPSessionManager(
            self._server, json_response=True, stateless=True, max_request_body_size=MAX_BODY
        )
        async with manager.run():
            self._manager = manager
            try:
                yield
            finally:
                self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call; there is nothing to listen to and no session to end."""
        manager = self._manager
        if scope["method"] != "POST":
            title, detail = "Calls of tools are posted.", "Use a client of the Model Context Protocol."
            await problem(405, title, detail, headers={"Allow": "POST"})(scope, receive, send)
        elif manager is None:
            await problem(503, "The service is not running.", "Ask again in a moment.")(scope, receive, send)
        else:
            await manager.handle_request(scope, receive, send)


def serve_stdio(load: Callable[[], Service]) -> None:
    """Answer over standard input and output until the input ends; who calls need not wait for the models to greet."""
    with ThreadPoolExecutor(1) as loading:
        anyio.run(_serve_stdio, build_server(loading.submit(load).result))


async def _serve_stdio(server: Server[Any]) -> None:
    async with stdio_server() as (received, sent):
        await server.run(received, sent, server.create_initialization_options())
