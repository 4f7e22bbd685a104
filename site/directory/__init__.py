"""Pages made of several apps: a member's home, and the desk of those who animate a region or the club."""
