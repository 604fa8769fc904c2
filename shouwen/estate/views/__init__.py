"""The pages of the estate, by subject: looking, keeping, notices, importing.

Every id is looked up among what the scope reaches: what is not there and what is not theirs are
both 404.
"""
