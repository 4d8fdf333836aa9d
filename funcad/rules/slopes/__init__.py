"""How distributions depend on their parameters, for random numbers and for `scipy.special`."""
