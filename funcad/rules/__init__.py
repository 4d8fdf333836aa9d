"""Tables of mathematics, by topic. Importing this package fills the registry."""

import importlib

for _topic in ("ufuncs", "constants", "reductions", "shaping", "joining", "selection", "products", "linalg"):
    try:
        importlib.import_module(f"funcad.rules.{_topic}")
    except ModuleNotFoundError:
        pass
