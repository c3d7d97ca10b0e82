"""Open tasks that a clause reports as done without calling them tasks: "the redlines chase on the gateway upgrade is
done"."""

from language.builtin.clauses import Clause, Outline
from language.builtin.told_tasks import one_or_asked, tasks_told
from language.builtin.vocabulary import load_words


def finished_task(outline: Outline, clause: Clause) -> str:
    """The id of the one open task whose words the clause tells; empty when none or several would do, unless it speaks
    of a task: then several ids, to be asked about."""
    done = clause.hit("thing_done")
    words = [
        word for i, word in enumerate(clause.words, clause.first) if not (done and done.first <= i < done.after)
    ]
    found = tasks_told(outline, words)
    says_task = any(word.canon in load_words("task_words")["nouns"] for word in words)
    return one_or_asked(found) if len(found) == 1 or says_task else ""
