"""Evaluation: cases, worlds, graders, runner and report. What is graded is written in docs/evals.md."""
