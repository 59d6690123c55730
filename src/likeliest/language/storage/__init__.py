"""Storage: files of our own, packed ones, ARPA files, and where arrays lie."""
