"""Review: who may accept a page, and that nobody accepts their own."""
