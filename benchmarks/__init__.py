"""funcad beside gradients written by hand, autograd, PyTorch and JAX, in one run."""
