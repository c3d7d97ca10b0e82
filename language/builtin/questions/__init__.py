"""The question half of the built-in model: what a message asks, as calls of the read tools.

`marks` finds the meaningful words, `clauses` the parts that ask, `slots` what a part says, `answers` how each
kind of question becomes a call. The words themselves are `language/builtin/data/question_*.yaml`.
"""
