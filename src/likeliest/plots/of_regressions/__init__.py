"""Pictures of regressions, a file for each."""
