"""Changes of existing tasks: done, moved, handed over, dropped."""

from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.plan import request
from language.builtin.reading import Reading
from language.builtin.task_edits import find_task_edits


@request(precedence=410)
def change_tasks(reading: Reading) -> Sequence[Call]:
    """The changes of existing tasks that a message asks for."""
    calls = []
    for edit in find_task_edits(reading.outline):
        if edit.dropped:
            calls.append(
                Call("delete_record", {"kind": "task", "record": edit.reference, "account": edit.account}, edit.at)
            )
        else:
            account = "" if edit.reference.startswith("task") else edit.account
            calls.append(Call("update_task", {"task": edit.reference, "account": account, **edit.values}, edit.at))
    return calls
