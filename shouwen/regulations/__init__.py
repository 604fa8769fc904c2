"""The written regulations, one folder each: clauses, rules, scripts, checklists, forms,
examples."""
