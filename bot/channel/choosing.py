"""Choose the channel for announcements and alerts: tested by a post there, then kept."""

from __future__ import annotations

from bot.asking.asked import Asked
from bot.asking.errors import later
from bot.blocks import Message, section
from bot.channel.announcements import SHOW
from bot.channel.posting import post
from bot.markup import channel, escape, mention
from store.channel import Channel
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import TELL


def choose_channel(asked: Asked) -> None:
    """Take the chosen channel once a message arrives there; else say what keeps it from arriving.

    Raises redis-py's errors, Unavailable and Rejected; answers for those of Slack.
    """
    fixed = asked.desk.shop.file.slack.channel
    if fixed:
        said = asked.words("The channel is chosen in settings.toml: change it there.")
        asked.tell(Message(said, (section(escape(said)),)))
    elif asked.act.value:
        later(asked, lambda: _try(asked, asked.act.value))


def _try(asked: Asked, chosen: str) -> None:
    desk, kept = asked.desk, Channel(asked.desk.shop.connection)
    if chosen == kept.chosen() and kept.trouble(chosen) is None:
        return
    post(desk, greeting(asked), chosen)
    kept.choose(chosen, asked.act.user)
    kept.posted()
    for job in (*SHOW, TELL):
        enqueue(desk.shop.connection, BACKGROUND, job)
    if asked.act.response_url:
        said = asked.words("Announcements and alerts go to the chosen channel from now on.")
        where = asked.words.md(
            "Announcements and alerts go to {channel} from now on.", channel=channel(chosen)
        )
        asked.tell(Message(said, (section(where),)))


def greeting(asked: Asked) -> Message:
    """Build the message that shows that posts arrive in the channel."""
    words = asked.desk.channel_words
    name = asked.desk.shop.revisions.current().settings.name
    said = words("Changes and alerts of {name} are announced here from now on.", name=name)
    shown = words.md(
        "Changes and alerts of {name} are announced here from now on, as {who} chose.",
        name=name,
        who=mention(asked.act.user),
    )
    return Message(said, (section(shown),))
