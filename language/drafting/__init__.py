"""Wording of messages to customers: clauses turned to the reader, absolute dates, questions, a small translation.

Pure text in, text out; which facts may go into a draft is decided in `tools.drafts`.
"""
