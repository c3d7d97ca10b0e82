"""The agent's tools for other assistants, over the Model Context Protocol: standard input and output, and HTTP."""
