"""Words as they are typed in a hurry ("hv", "u", "w/") and the words that are meant."""

from functools import cache

from language.builtin.vocabulary import load_words


def written_out(word: str) -> str:
    """The word that a folded one is short for, else the same word."""
    return _words().get(word, word)


@cache
def _words() -> dict[str, str]:
    return {short: word for word, shorts in load_words("shorthand").items() for short in shorts}
