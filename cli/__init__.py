"""The command `dealhand`: one module a group of commands; the work is done below this layer."""
