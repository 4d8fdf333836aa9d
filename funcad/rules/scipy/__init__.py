"""Tables for SciPy, each loaded when its first function is met: `import funcad` imports no SciPy."""
