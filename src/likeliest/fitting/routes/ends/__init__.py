"""The way to a maximum in a corner: the candidates for it, the search among them, the fit there."""
