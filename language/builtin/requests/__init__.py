"""The kinds of requests that the built-in model knows, one module each; see `plan.request`."""
