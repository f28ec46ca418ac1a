"""What every router needs: the service, out of the application's state."""

from typing import Annotated, cast

from fastapi import Depends, Request

from assistant.pipeline import Service


def get_service(request: Request) -> Service:
    """The service the application was built with."""
    return cast(Service, request.app.state.service)


def brings(service: Service) -> bool:
    """Whether documents may be brought through the browser: there is a folder for them."""
    return service.index.settings.documents is not None


TheService = Annotated[Service, Depends(get_service)]
