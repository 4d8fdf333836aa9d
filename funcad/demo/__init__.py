"""The demonstration: four pieces of plain NumPy and SciPy code, differentiated and checked.

`python -m funcad demo` draws its pictures into ./demo-output, prints a table of what was
expected and what came out, and exits with 1 when something disagrees.
"""

from funcad.demo.run import main as main

__all__ = ["main"]
