"""The one error that ends a start: a sentence an operator can act on."""

from typing import Final

EXIT_CODE: Final = 2
"""Exit code of a process that could not start; its supervisor then ends too."""


class StartupError(Exception):
    """A start is impossible until a person changes something; `str(error)` says what.

    A process' entry prints `error: <sentence>` to stderr and exits with `EXIT_CODE`, without a
    traceback. Secrets never stand in the sentence.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
