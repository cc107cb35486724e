"""A Slack with a clock that tests turn, and Bolt apps that speak with one that listens."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.request import BoltRequest
from slack_sdk import WebClient

from sandbox.slack.workspace import ADMIN, CALLS, SCOPES
from sandbox.slack.world import SlackWorld
from tests.sandbox.slack.speaking import Script, new_app

BOT = "xoxb-sandbox-bot-token"
APP = "xapp-sandbox-app-token"


@pytest.fixture(autouse=True)
def without_proxies(monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def slack(served):
    """Return the listening world, in its seeded state."""
    return served.slack.world


@pytest.fixture
def client(served):
    return WebClient(BOT, base_url=f"{served.slack.url}/api/")


@pytest.fixture
def still(hands):
    """Return a world whose clock stands still, asked in-process; every permission is granted."""
    world = SlackWorld(hands)
    world.grant(*SCOPES, "users:read.email", "im:write")
    return world


@pytest.fixture
def call(still):
    """Return call("chat.postMessage", channel=...) to the still world; JSON in, JSON out."""

    def ask(method, _token=BOT, **given):
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if _token:
            headers["Authorization"] = f"Bearer {_token}"
        body = json.dumps(given).encode()
        return still.handle("POST", f"/api/{method}", {}, headers, body).json()

    return ask


@pytest.fixture
def app(client):
    return new_app(client)


@pytest.fixture
def by_socket(served, slack, app):
    """Return a function that connects apps by Socket Mode and waits until they are there."""
    handlers = []

    def connect(*apps):
        for one in apps or (app,):
            web = WebClient(BOT, base_url=f"{served.slack.url}/api/")
            handlers.append(SocketModeHandler(one, APP, web_client=web, ping_interval=0.3))
            handlers[-1].connect()
        slack.wait_for_app(len(handlers))

    yield connect
    for handler in handlers:
        handler.client.auto_reconnect_enabled = False
    # a client that reads would only notice its own end after three seconds
    slack.hang_up()
    slack.until(lambda: not any(handler.client.is_connected() for handler in handlers))
    for handler in handlers:
        handler.close()


@pytest.fixture
def by_http(slack, app):
    """Let the world deliver to the app by HTTP."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name.lower(): [value] for name, value in self.headers.items()}
            answer = app.dispatch(BoltRequest(body=raw, headers=headers))
            body = (answer.body or "").encode()
            self.send_response(answer.status)
            for name, values in answer.headers.items():
                self.send_header(name, values[0])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    slack.listen_at(f"http://127.0.0.1:{server.server_port}/slack/events")
    yield
    server.shutdown()
    server.server_close()
    thread.join(60)


MODAL = {
    "type": "modal",
    "callback_id": "settings.general",
    "title": {"type": "plain_text", "text": "General"},
    "submit": {"type": "plain_text", "text": "Save"},
    "close": {"type": "plain_text", "text": "Cancel"},
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "value"},
        }
    ],
}


@pytest.fixture
def modal():
    """Return a new, small modal with one input `name`."""
    return json.loads(json.dumps(MODAL))


@pytest.fixture
def script(still):
    """Return an app that does what the test says, in the still world."""
    return Script(still)


@pytest.fixture
def post(call):
    """Return post(*blocks, channel=CALLS), which posts a message and returns its ts."""

    def send(*blocks, channel=CALLS):
        answer = call("chat.postMessage", channel=channel, text="x", blocks=list(blocks))
        return answer["ts"]

    return send


@pytest.fixture
def open_modal(call, still, modal):
    """Return open_modal(*blocks, **view), which opens a modal for the admin and returns it."""

    def send(*blocks, **more):
        view = {**modal, **more}
        if blocks:
            view["blocks"] = list(blocks)
        answer = call("views.open", trigger_id=still.trigger(ADMIN), view=view)
        assert answer["ok"], answer
        return still.modal(ADMIN)

    return send
