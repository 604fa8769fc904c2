"""Taking in a workbook of buildings, units and customers.

checking: workbook → stage. comparing: stage against the database. applying: stage → database.
runs: the row that the page and the worker share. Nothing else needs to be imported from outside.
"""

from shouwen.estate.importing.runs import cancel, claim_and_run, confirm, run_now, start

__all__ = ["cancel", "claim_and_run", "confirm", "run_now", "start"]
