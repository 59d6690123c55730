"""The log likelihood of observations: the one room that knows both data and distributions."""
