"""What pages and their blocks read: nothing here knows the kinds of pages."""
