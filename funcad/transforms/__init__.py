"""The modes and the transforms made of them, one to a file."""
