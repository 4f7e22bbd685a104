"""Tools for whoever works on the platform: never imported by the site itself."""
