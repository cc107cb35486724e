"""`python -m sandbox --hubspot-port N --aircall-port N --slack-port N --door URL`: all of it."""

import argparse
import signal
import sys
from threading import Event

from sandbox.server import Sandbox


def main(arguments: list[str] | None = None) -> int:
    """Serve all worlds on loopback until SIGTERM or SIGINT; returns 0, or 2 if a port is taken."""
    parser = argparse.ArgumentParser(
        prog="sandbox", description="stand-ins of HubSpot, Aircall and Slack"
    )
    parser.add_argument("--hubspot-port", type=int, default=0)
    parser.add_argument("--aircall-port", type=int, default=0)
    parser.add_argument("--slack-port", type=int, default=0)
    parser.add_argument("--door", default="", help="where the product takes Aircall's webhooks")
    asked = parser.parse_args(arguments)
    ended = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        sandbox = Sandbox(asked.hubspot_port, asked.aircall_port, asked.slack_port, asked.door)
    except OSError as problem:
        sys.stderr.write(f"error: the sandbox could not listen: {problem}\n")
        return 2
    with sandbox:
        sys.stdout.write(f"HubSpot {sandbox.hubspot.url}\nAircall {sandbox.aircall.url}\n")
        sys.stdout.write(f"Slack {sandbox.slack.url}\n")
        sys.stdout.flush()
        ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
