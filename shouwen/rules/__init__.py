"""What must hold, in plain Python: facts in, answers out.

Nothing here knows Django, a database, a file or what time it is; someone hands in the time.
"""
