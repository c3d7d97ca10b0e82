"""What goes into a follow-up draft and what never does. The tool itself is `tools/drafts.py`."""
