"""The reader's language: English in the code, German in `de.po`, lower rooms said again."""

from bot.words.marked import N_
from bot.words.words import LANGUAGES, Language, Words, language_of, words_in

__all__ = ["LANGUAGES", "N_", "Language", "Words", "language_of", "words_in"]
