"""Which stage of this company means won, and which lost: by the stages' status, else by their names."""

from language.builtin.situation import Situation
from language.builtin.vocabulary import load_words


def stage_of_outcome(situation: Situation, outcome: str) -> str:
    """The id of the stage that means "won" or "lost"; the word itself when no stage says it.

    A stage entry carries its status as title.
    """
    by_status = [entry.id for entry in situation.lexicon.of_kind("stage") if entry.title == outcome]
    if len(by_status) == 1:
        return by_status[0]
    names = [str(name) for name in load_words("deal_words")[f"{outcome}_names"]]
    for entry in situation.lexicon.of_kind("stage"):
        said = [text.casefold() for text in (entry.name, *entry.aliases)]
        if any(
            name in text.replace("-", " ").split() or (not name.isascii() and name in text)
            for name in names
            for text in said
        ):
            return entry.id
    return outcome
