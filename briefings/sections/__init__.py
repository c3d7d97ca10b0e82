"""The sections of briefings (definitions §6); each function here is one section at its place."""
