"""`scipy.signal` for traced values: SciPy's namespace, with twins of the functions that have rules.

>>> import numpy as np
>>> import funcad as fc
>>> from funcad.scipy import signal
>>> x = np.array([1.0, 0.0, 0.0, 0.0])
>>> fc.jacobian(lambda a: signal.lfilter([1.0], [1.0, a], x)[1:])(-0.5)
array([-1.  , -1.  , -0.75])
"""

from scipy.signal import *

from funcad.rules.scipy.signal_convolution import choose_conv_method as choose_conv_method
from funcad.rules.scipy.signal_convolution import convolve as convolve
from funcad.rules.scipy.signal_convolution import convolve2d as convolve2d
from funcad.rules.scipy.signal_convolution import correlate as correlate
from funcad.rules.scipy.signal_convolution import correlate2d as correlate2d
from funcad.rules.scipy.signal_convolution import fftconvolve as fftconvolve
from funcad.rules.scipy.signal_convolution import medfilt as medfilt
from funcad.rules.scipy.signal_convolution import medfilt2d as medfilt2d
from funcad.rules.scipy.signal_convolution import oaconvolve as oaconvolve
from funcad.rules.scipy.signal_convolution import order_filter as order_filter
from funcad.rules.scipy.signal_convolution import wiener as wiener
from funcad.rules.scipy.signal_filters import deconvolve as deconvolve
from funcad.rules.scipy.signal_filters import filtfilt as filtfilt
from funcad.rules.scipy.signal_filters import lfilter as lfilter
from funcad.rules.scipy.signal_filters import lfilter_zi as lfilter_zi
from funcad.rules.scipy.signal_filters import lfiltic as lfiltic
from funcad.rules.scipy.signal_filters import sosfilt as sosfilt
from funcad.rules.scipy.signal_filters import sosfilt_zi as sosfilt_zi
from funcad.rules.scipy.signal_filters import sosfiltfilt as sosfiltfilt
from funcad.rules.scipy.signal_peaks import find_peaks as find_peaks
from funcad.rules.scipy.signal_peaks import peak_prominences as peak_prominences
from funcad.rules.scipy.signal_responses import findfreqs as findfreqs
from funcad.rules.scipy.signal_responses import freqs as freqs
from funcad.rules.scipy.signal_responses import freqs_zpk as freqs_zpk
from funcad.rules.scipy.signal_responses import freqz as freqz
from funcad.rules.scipy.signal_responses import freqz_sos as freqz_sos
from funcad.rules.scipy.signal_responses import freqz_zpk as freqz_zpk
from funcad.rules.scipy.signal_responses import group_delay as group_delay
from funcad.rules.scipy.signal_responses import sos2tf as sos2tf
from funcad.rules.scipy.signal_responses import sosfreqz as sosfreqz
from funcad.rules.scipy.signal_responses import tf2zpk as tf2zpk
from funcad.rules.scipy.signal_responses import zpk2tf as zpk2tf
from funcad.rules.scipy.signal_sampling import decimate as decimate
from funcad.rules.scipy.signal_sampling import detrend as detrend
from funcad.rules.scipy.signal_sampling import hilbert as hilbert
from funcad.rules.scipy.signal_sampling import resample as resample
from funcad.rules.scipy.signal_sampling import resample_poly as resample_poly
from funcad.rules.scipy.signal_sampling import savgol_filter as savgol_filter
from funcad.rules.scipy.signal_sampling import upfirdn as upfirdn
from funcad.rules.scipy.signal_short_time import ShortTimeFFT as ShortTimeFFT
from funcad.rules.scipy.signal_spectra import coherence as coherence
from funcad.rules.scipy.signal_spectra import csd as csd
from funcad.rules.scipy.signal_spectra import istft as istft
from funcad.rules.scipy.signal_spectra import periodogram as periodogram
from funcad.rules.scipy.signal_spectra import spectrogram as spectrogram
from funcad.rules.scipy.signal_spectra import stft as stft
from funcad.rules.scipy.signal_spectra import welch as welch
from funcad.rules.scipy.signal_spirals import czt as czt
from funcad.rules.scipy.signal_spirals import zoom_fft as zoom_fft
from funcad.rules.scipy.signal_systems import dlsim as dlsim
from funcad.rules.scipy.signal_systems import lsim as lsim
from funcad.rules.scipy.signal_waves import chirp as chirp
from funcad.rules.scipy.signal_waves import gausspulse as gausspulse
from funcad.rules.scipy.signal_waves import sawtooth as sawtooth
from funcad.rules.scipy.signal_waves import square as square
from funcad.rules.scipy.signal_waves import vectorstrength as vectorstrength

# and with it the module takes the place of SciPy's in this namespace
from funcad.scipy.signal.windows import get_window as get_window
