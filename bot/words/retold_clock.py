"""What is said of background work, of failures that pile up and of events that wait too long."""

from __future__ import annotations

from typing import Final

from bot.words.marked import N_

CLOCK: Final = (
    N_(
        "Redis held something that cannot be read, under {keys}. It was set aside for a week (in "
        "ah:aside): some of it is said anew, some is lost, and all else goes on. A damaged disk "
        "does that, or whoever wrote there."
    ),
    N_("It failed ({error}): see the log of the process sync."),
    N_(
        "Background jobs stand still: the process sync does not run, or hangs. Calls are logged "
        "all the same, but nothing is looked after, copied or warned of. Start it again; make run "
        "starts all processes."
    ),
    N_(
        "Background jobs stand still, though the process sync works: {jobs}. Calls are logged all "
        "the same; start another process sync, or look into its log."
    ),
    N_(
        "Background jobs fail each time: {jobs}. Calls are logged all the same; the status says "
        "why."
    ),
    N_(
        "{count} call or message could not be written to HubSpot. It is kept: look why, then try "
        "it again."
    ),
    N_(
        "{count} calls or messages could not be written to HubSpot. They are kept: look why, then "
        "try them again."
    ),
    N_(
        "At least {count} calls or messages could not be written to HubSpot. They are kept: look "
        "why, then try them again."
    ),
    N_(
        "Calls or messages have waited for more than 10 minutes to be written, though HubSpot and "
        "Aircall answer ({count} or more wait). Nothing is lost; see whether the process worker "
        "runs."
    ),
)
