"""One grader a file: pure functions from an expectation and the evidence to findings. Start at `verdict`."""
