"""The least a door can be: Starlette that appends each body to a Redis stream and answers 200."""

from __future__ import annotations

import os
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from worker.intake.server import asynchronous

STREAM = "bench:events"
PATH = "/bare"


def main() -> int:
    """Serve on the port named first, with the product's own uvicorn and Redis settings."""
    connection = asynchronous(os.environ["REDIS_URL"])

    async def take(request: Request) -> Response:
        await connection.xadd(STREAM, {"event": await request.body()})
        return PlainTextResponse("")

    config = uvicorn.Config(
        Starlette(routes=[Route(PATH, take, methods=["POST"])]),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        http="httptools",
        loop="uvloop",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        backlog=2048,
    )
    uvicorn.Server(config).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
