"""Sample calls of the peaks of `scipy.signal`."""

import numpy as np

from funcad.rules.scipy.signal_peaks import peak_prominences
from funcad.testing.samples import Spec, call, samples

WAVES = np.array([0.0, 2.0, 1.0, 4.0, 1.5, 3.0, 0.5])
samples(peak_prominences, call(Spec((7,), make=lambda x: WAVES + x / 20), np.array([1, 3, 5])))
