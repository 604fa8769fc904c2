"""Which edition of which regulation is in force where and since when; the calendars."""
