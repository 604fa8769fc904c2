"""The HTTP side of contacts and cases, mounted by `shouwen.api`.

Nothing is decided here: reads start from `visible_…(scope)`, and every verb is the action that the
page calls too, behind the same table of verbs.
"""
