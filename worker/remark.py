"""Say in the log what is wrong when it begins, changes or ends, not each time it is still so."""

from __future__ import annotations

import structlog

log = structlog.get_logger(__name__)


class Remark:
    """Remembers the last sentence on one subject."""

    def __init__(self, subject: str) -> None:
        self._subject = subject
        self._said = ""

    def say(self, sentence: str) -> None:
        """Log a sentence that is new; an empty one says that all is well again."""
        if sentence == self._said:
            return
        self._said = sentence
        if sentence:
            log.error(self._subject, problem=sentence)
        else:
            log.info(self._subject, problem="none any more")
