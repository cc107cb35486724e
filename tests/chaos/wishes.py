"""The settings of the chaos' product, and what they mean for each kind of interaction."""

from tests.chaos.cast import FALLBACK, LINES

CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
NO_ANSWER = "73a0d17f-1163-4015-bdd5-ec830791da20"
BUSY = "9d9162e7-6cf3-4944-bf63-4dff82258764"
WRONG_NUMBER = "17b47fee-58de-441e-a44c-c6300d46f273"
LEFT_VOICEMAIL = "b2cf5968-551e-4856-9783-52b3da59a7d0"
LEFT_MESSAGE = "a4c4c377-d246-4b32-a13b-75a56a4cd0ff"
DEMO_BOOKED = "0f0e0d0c-0000-4000-8000-00000000c0de"

SETTINGS = f"""
[defaults]
name = "Chaos"
enabled = true
numbers = [{", ".join(str(line.id) for line in LINES.values())}]
business_hours_only = true
fallback_owner = "{FALLBACK}"
[defaults.outcomes]
outbound_unanswered = "None"
[defaults.tag_outcomes]
VIP = "Demo booked"
"Hot lead" = "Left live message"
[defaults.tickets]
pipeline = "0"
[defaults.tickets.stages]
outbound_unanswered = "2"
inbound_missed = "1"
inbound_voicemail = "3"
inbound_message = "4"
"""
PIPELINE = "0"
STAGES = {
    "outbound_unanswered": "2",
    "outbound_busy": "2",
    "outbound_wrong_number": "2",
    "inbound_missed": "1",
    "inbound_voicemail": "3",
    "inbound_message": "4",
}
OUTCOMES = {
    "outbound_answered": CONNECTED,
    "outbound_unanswered": "",
    "outbound_busy": BUSY,
    "outbound_wrong_number": WRONG_NUMBER,
    "inbound_answered": CONNECTED,
    "inbound_missed": NO_ANSWER,
    "inbound_voicemail": LEFT_VOICEMAIL,
}
TAG_OUTCOMES = {"VIP": DEMO_BOOKED, "Hot lead": LEFT_MESSAGE}
BUSY_CAUSES = {"busy", "user_busy", "17"}
WRONG_CAUSES = {"unallocated_number", "invalid_number", "no_route", "1", "28"}
FAILED = {"failed", "undelivered"}
STATUSES = {"outbound_busy": "BUSY", "outbound_wrong_number": "FAILED"}
