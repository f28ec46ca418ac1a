"""What every router needs: the service, out of the application's state."""

from typing import Annotated, cast

from fastapi import Depends, Request

from assistant.pipeline import Service


def get_service(request: Request) -> Service:
    """The service the application was built with."""
    return cast(Service, request.app.state.service)


TheService = Annotated[Service, Depends(get_service)]
