"""SciPy's functions of functions, with derivatives in all that these lead to: integrals, solutions."""
