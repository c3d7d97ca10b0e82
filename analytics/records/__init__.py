"""One record with what belongs to it: facts by name, the card, the brief."""
