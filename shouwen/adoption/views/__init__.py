"""The pages of regulations and calendars: reading, adopting, calendars.

What a regulation says is no secret; where it was adopted, and every calendar, is looked up among
the units that the scope reaches or inherits from: what is not theirs is 404.
"""
