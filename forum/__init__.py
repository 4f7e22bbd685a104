"""The forum: spaces, topics, posts. A difficulty is stated, colleagues answer, all of it live on every screen."""
