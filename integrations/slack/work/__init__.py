"""What is done from the queue: turns, clicks, forms, pages. Each may run twice and has its effect once."""
