"""One turn of conversation: model, tools, policy (what needs a yes) and conversation state.

The whole public face is `build_runtime`, `run_turn`, `stream_turn`, `answer_approval`, `Turn` and `Reply`; what a
channel does from its buttons and forms is in `agent.direct` and `agent.approval_forms`.
"""

from agent.approvals import answer_approval
from agent.reply import Reply, Turn
from agent.runtime import Runtime, build_runtime
from agent.steps import Step
from agent.turns import Delta, run_turn, stream_turn

__all__ = [
    "Delta",
    "Reply",
    "Runtime",
    "Step",
    "Turn",
    "answer_approval",
    "build_runtime",
    "run_turn",
    "stream_turn",
]
