"""Facts with validity: what conversations say of budget, timeline, competitor, champion, objections, promises, next step."""
