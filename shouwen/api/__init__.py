"""The one HTTP API: mounts each app's router; knows callers, answers, refusals and repeats."""
