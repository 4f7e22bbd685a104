"""Meetings of the club: what is announced, who is registered, the agenda and its calendars."""
