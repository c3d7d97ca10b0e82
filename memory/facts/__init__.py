"""Facts with validity that conversations state, from budget to next step; each with its source."""
