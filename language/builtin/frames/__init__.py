"""What a clause tells by its structure: a verb or noun of a known kind, who does it, and when it lies.

Adds tags to clauses as the phrase patterns do, for wordings that no pattern has: `contact_frames` for contacts that
took place, `duty_frames` for what somebody of ours does by a day. The words are in `data/verbs.yaml`.
"""
