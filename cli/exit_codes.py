"""What the exit code of `dealhand` says; 0 is success."""

INCOMPLETE = 1  # done, but something was left aside, rejected or found wrong; the output says what
REFUSED = 2  # not done: the request cannot be fulfilled as it stands
BROKEN = 3  # not done: the installation, the database or the model has to be looked after
