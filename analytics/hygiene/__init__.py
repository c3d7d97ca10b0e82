"""What is wrong or missing on records (definitions §4), with evidence and a one-step fix; one function a rule."""
