"""A bot as a process of its own: a_bot.py BASE_URL NAME; it ends when its stdin does."""

import logging
import sys

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

logging.disable(logging.CRITICAL)
base_url, name = sys.argv[1:]
client = WebClient("xoxb-sandbox-bot-token", base_url=base_url)
app = App(client=client, token_verification_enabled=False, signing_secret="x")
app.command("/aircall-hubspot")(lambda ack: ack(f"bot {name}"))
handler = SocketModeHandler(app, "xapp-sandbox-app-token", web_client=client)
handler.connect()
sys.stdin.read()
