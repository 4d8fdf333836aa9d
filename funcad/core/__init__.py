"""The engine: tracers, primitives and the kinds of declaration. No NumPy function has a rule here."""
