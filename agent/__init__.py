"""One turn of conversation: model, tools, policy (what needs a yes) and conversation state.

The whole public face is `build_runtime`, `run_turn`, `stream_turn`, `answer_approval`, `Turn` and `Reply`.
"""
