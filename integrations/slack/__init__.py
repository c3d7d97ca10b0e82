"""Dealhand as a Slack app: events in, turns of the agent, messages out.

`listeners/` take events in (one a file): they write down what is to be done and answer within moments. `work/`
does it from the durable queue. `render/` draws replies as blocks. `service.build_service` and `app.build_app` put
it together; `http.SlackAsgi` is what an HTTP server mounts.
"""
