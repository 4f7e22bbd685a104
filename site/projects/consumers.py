"""Jobs of the import."""
