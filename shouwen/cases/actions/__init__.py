"""The only writers of contacts and cases: one function a verb, by subject.

Every one takes `by` (a Scope: somebody and what they may do), `at` (now), and where it makes sense
`happened` (when it took place, if earlier) and `said_by` (who said it, if not the one who typed
it).
"""
