"""Assignment as in NumPy: names and views see what is written; values and derivatives are exact."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import funcad as fc
import funcad.numpy as fnp
from funcad.errors import AssignmentError, ConversionError, LeakedTracerError
from funcad.testing import check_grads

X = np.array([[0.5, -1.0, 2.0, 0.3], [1.5, 0.7, -0.4, 1.1], [-0.8, 0.9, 1.3, -0.2]])
V = np.array([0.4, -0.7, 1.2])

INDICES = {
    "number": 1,
    "negative": -1,
    "row and column": (1, 2),
    "slice": slice(0, 2),
    "step": (slice(None), slice(None, None, -2)),
    "ellipsis": (..., 1),
    "new axis": (slice(None), None, 2),
    "array": np.array([2, 0]),
    "list": [1, 1],
    "pairs": ([0, 1, 0], [3, 2, 3]),
    "mask": X > 0.5,
    "rows by mask": np.array([True, False, True]),
    "empty": slice(0, 0),
    "everything": ...,
}


def agree(f, *args, order=2):
    """Check the value bit for bit, all derivatives, and that the arguments are left alone."""
    before = [np.array(a) for a in args]
    plain = f(*[np.array(a) for a in args])
    value = fc.vjp(f, *args)[0]
    np.testing.assert_array_equal(value, plain)
    assert np.asarray(value).dtype == np.asarray(plain).dtype
    check_grads(f, args, order=order)
    for a, b in zip(args, before, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
class TestEveryIndex:
    def test_a_traced_value(self, index):
        def f(x, v):
            y = np.sin(x)
            y[index] = v[0] * x[0, 0]
            return y * y

        agree(f, X, V)

    def test_an_array_of_values(self, index):
        def f(x):
            y = x * 2.0
            y[index] = np.cos(x[index])
            return y * x

        agree(f, X)

    def test_plain_values_cut_the_derivative(self, index):
        def f(x):
            y = x * x
            y[index] = 3.0
            return y

        agree(f, X)

    @pytest.mark.parametrize("sign", ["+", "-", "*", "/", "**"])
    def test_augmented(self, index, sign):
        def f(x):
            y = np.exp(x)
            if sign == "+":
                y[index] += x[0, 0]
            elif sign == "-":
                y[index] -= np.sin(x[index])
            elif sign == "*":
                y[index] *= x[0, 1]
            elif sign == "/":
                y[index] /= x[index] + 3.0
            else:
                y[index] **= 2.0
            return y * x

        agree(f, X, order=1)

    def test_under_vmap(self, index):
        def f(x):
            y = x * 1.0
            y[index] = x[0, 0]
            y[index] *= np.sum(x)
            return y

        batch = np.stack([X, X + 1.0, -X])
        np.testing.assert_allclose(fc.vmap(f)(batch), [f(np.array(x)) for x in batch], rtol=1e-14)


class TestNames:
    def test_every_name_sees_the_change(self):
        def f(x):
            y = x * 1
            z = y
            z += 1
            z[0] = x[2]
            return y * z

        agree(f, V)

    def test_an_argument_of_a_function_is_changed_in_place(self):
        def normalise(y):
            y -= np.mean(y)
            y /= np.sqrt(np.sum(y * y))

        def f(x):
            y = np.array(x) if type(x) is np.ndarray else x.copy()
            normalise(y)
            return y

        agree(f, V)

    def test_the_callers_array_is_never_changed(self):
        def f(x):
            x[0] = x[1] * x[2]
            x *= 2
            return np.sum(x * x)

        v = V.copy()
        g = fc.grad(f)(v)
        np.testing.assert_array_equal(v, V)
        a, b = V[1], V[2]
        np.testing.assert_allclose(g, [0.0, 8 * a * b * b + 8 * a, 8 * a * a * b + 8 * b])

    def test_a_copy_does_not_see_it(self):
        for copy in (
            lambda y: y.copy(),
            np.copy,
            lambda y: y[[0, 1, 2]],
            lambda y: y.astype(float),
            lambda y: y + 0,
        ):

            def f(x, copy=copy):
                y = x * 1
                z = copy(y)
                y[0] = 5.0
                z[1] = x[0] ** 2
                return y * x + 10 * z * x

            agree(f, V, order=1)

    def test_numbers_are_no_arrays(self):
        def f(x):
            s = x[0]
            t = s
            s += 1
            s *= x[1]
            return s * t

        agree(f, V)


VIEWS = {
    "slice": lambda y: y[1:],
    "row": lambda y: y[1],
    "column": lambda y: y[:, 1],
    "reversed": lambda y: y[::-1, ::2],
    "new axis": lambda y: y[:, None, 1:],
    "transposed": lambda y: y.T,
    "np.transpose": lambda y: np.transpose(y, (1, 0)),
    "reshape": lambda y: y.reshape(2, 6),
    "np.reshape": lambda y: np.reshape(y, (-1,)),
    "ravel": lambda y: y.ravel(),
    "ravel of a transposed": lambda y: y.T.ravel(),
    "reshape of a slice": lambda y: y[:, ::2].reshape(-1),
    "swapaxes": lambda y: y.swapaxes(0, 1)[1:],
    "moveaxis": lambda y: np.moveaxis(y, 0, 1),
    "squeeze": lambda y: y[:1].squeeze(),
    "expand_dims": lambda y: np.expand_dims(y, 1),
    "flip": lambda y: np.flip(y, 0),
    "rot90": lambda y: np.rot90(y),
    "split": lambda y: np.split(y, 2, axis=1)[1],
    "unpacked rows": lambda y: next(iter(y)),
    "view of a view": lambda y: y[1:].T[::2],
    "copied reshape": lambda y: y.T.reshape(2, 6),
    "atleast_3d": lambda y: np.atleast_3d(y)[..., 0],
    "real part of real numbers": lambda y: y.real,
    "astype without a copy": lambda y: y.astype(float, copy=False),
    "np.astype without a copy": lambda y: np.astype(y, float, copy=False),
    "transposed by einsum": lambda y: np.einsum("ij->ji", y),
    "diagonal by einsum": lambda y: np.einsum("ii->i", y[:, :3]),
    "by the labels of einsum": lambda y: np.einsum(y, [0, 1], [1, 0]),
}  # fmt: skip


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
class TestViews:
    def test_writing_through_the_view(self, view):
        def f(x):
            y = x * 2.0
            v = view(y)
            v[0] = x[0, 0] * x[1, 1]
            v *= x[0, 1]
            return y * x

        agree(f, X, order=1)

    def test_writing_to_the_base(self, view):
        def f(x):
            y = x * 2.0
            v = view(y)
            y[1] = x[0] ** 2
            y[0, 1] += 1.0
            w = v * v
            y[2] = 0.0
            return np.sum(w) + np.sum(v) + np.sum(v > 0) + y * x

        agree(f, X, order=1)

    def test_both_and_another_view(self, view):
        def f(x):
            y = x * 2.0
            v, w = view(y), y[1:, 1:]
            w[0] = x[0, :3]
            v[-1] = x[2, 2] * 3
            w += x[1, 1]
            return np.sum(v * v) + np.sum(w) + y

        agree(f, X, order=1)

    def test_of_an_array_of_plain_numbers(self, view):
        def f(x):
            y = np.zeros_like(x) + 0.5
            v = view(y)
            y[0, 1:] = x[0, 1:]
            w = view(y)
            v[0] += x[1, 1]
            y[2] = x[1]
            return np.sum(v * v) + np.sum(w * w) + y * x

        agree(f, X, order=1)

    def test_the_argument_itself(self, view):
        def f(x):
            v = view(x)
            v[0] = np.sin(v[0])
            return x * x

        value = f(X.copy())
        np.testing.assert_array_equal(fc.jvp(f, (X,), (X,))[0], value)
        np.testing.assert_allclose(
            np.sum(fc.vjp(f, X)[1](np.ones((3, 4)))[0] * X), np.sum(fc.jvp(f, (X,), (X,))[1]), rtol=1e-12
        )


def test_flat():
    def f(x):
        y = x.T * 1.0
        y.flat[4] = x[0, 0] ** 2
        y.flat[1:3] = x[1, :2]
        z = y.flat[5] * x
        y.flat[[6, 8]] = z[0, :2]
        w = x * 2.0
        w.flat = z[0]
        return y.T * z + w

    agree(f, X, order=1)


class TestReadOnly:
    @pytest.mark.parametrize(
        "view",
        [
            lambda y: np.broadcast_to(y, (2, 3)),
            np.diagonal,
            lambda y: np.diagonal(y)[1:],
            lambda y: np.lib.stride_tricks.sliding_window_view(y, 2),
        ],
    )
    def test_what_numpy_refuses_is_refused(self, view):
        def f(x):
            view(x * x if view is not np.diagonal else np.outer(x, x))[0] = 1.0

        for run in (lambda: f(V), lambda: fc.grad(f)(V)):
            with pytest.raises((ValueError, IndexError)):
                run()

    def test_real_and_imaginary_parts_are_views(self):
        def f(x):
            z = x + 1j * x[::-1]
            z.real[0] = x[1] * 2
            z.imag = x * x
            np.imag(z)[1:] += 1.0
            return np.abs(z) ** 2

        agree(f, V)

    def test_infinite_parts_leave_the_other_part(self):
        def f(x):
            z, w = x + 1j * x[::-1], x - 1j * x
            z.imag = np.inf
            w.real[0] = -np.inf
            return z.real * w.imag

        agree(f, V)

    def test_windows_see_what_is_written(self):
        def f(x):
            y = x * 2.0
            windows = np.lib.stride_tricks.sliding_window_view(y, 2)
            y[1] = x[0] ** 2
            return windows * windows

        agree(f, V)

    def test_complex_numbers_as_pairs(self):
        def f(x):
            y = x * 2.0
            z = y.view(complex)
            z[1] = x[0] * (1 + 2j)
            y[0] = x[1]
            z.view(float)[-1] = x[3]
            return np.abs(z) ** 2 * np.sum(y * x)

        agree(f, X[0])


class TestFunctionsThatWrite:
    def test_out(self):
        def f(x):
            y = np.zeros_like(x)
            np.multiply(x, x, out=y)
            np.add(y, 1.0, y)
            np.sin(y, out=y, where=x > 0)
            s = np.zeros_like(x, shape=4)
            np.sum(y, axis=0, out=s)
            np.add.reduce(x * x, axis=0, out=s)
            return y * np.sum(s)

        agree(f, X, order=1)

    def test_out_beyond_the_domain_warns_no_more_than_the_plain_run(self):
        def f(x):
            y = np.zeros_like(x)
            np.log(x, out=y, where=positive)
            np.divide(1.0, x[:, 1:2], out=y, where=X < 0)
            np.sqrt(x, out=y, where=X > 5)
            return y * x

        x = np.where(X == 2.0, 0.0, X)
        positive = x > 0
        agree(f, x)
        np.testing.assert_array_equal(fc.vmap(f)(np.stack([x, 2 * x])), [f(x), f(2 * x)])

    def test_nan_to_num_in_place(self):
        def f(x):
            y = np.where(X > 1.0, np.nan, x * 2.0)
            z = np.nan_to_num(y, copy=False, nan=0.5)
            z[0] += x[0, 0]
            return y * x

        agree(f, X)

    def test_out_by_position(self):
        def f(x):
            y, z = x * 2.0, x[0] * 3.0
            kept = np.exp(y)
            np.cumsum(x, 1, None, y)
            np.max(x, 0, z)
            x.sum(0, None, z[:])
            np.concatenate((x[:1], y[1:]), 0, y)
            np.take(y[0] * z, [1, 0, 1, 2], 0, z)
            w = x * 5.0
            np.round(x, 1, w)  # no derivative is left of what was there
            return y * z * kept + w * x

        agree(f, X, order=1)

    def test_out_of_a_view(self):
        def f(x):
            y = x * 1.0
            np.exp(x[0], out=y[1])
            return y * x

        agree(f, X)

    def test_copyto_put_place_and_the_like(self):
        def f(x):
            y = x * 2.0
            np.copyto(y[0], x[1] * x[2])
            np.copyto(y, x**2, where=x > 1.0)
            np.put(y, [1, -1], x[0, :2])
            np.put(y, [25, 26], x[0, 0], mode="wrap")
            np.place(y, X < -0.5, [x[0, 0], 2.0])
            np.putmask(y, X > 1.2, x * 3)
            np.fill_diagonal(y, x[0, :3])
            np.put_along_axis(y, np.array([[1], [2], [0]]), x[:, :1] ** 2, axis=1)
            y.put([3], x[0, 3] * 5)
            return y * x

        agree(f, X, order=1)

    def test_fill_and_sort(self):
        def f(x):
            y, z = x * 1.0, x * 2.0
            y.fill(x[0, 0])
            z.sort(axis=0)
            z[0].partition(1)
            return y * x + z * z

        agree(f, X, order=1)

    def test_ufunc_at(self):
        def f(x):
            y = np.zeros_like(x, shape=5)
            np.add.at(y, [0, 2, 2, 4], x[0])
            np.subtract.at(y, [1, 1], x[1, :2])
            np.multiply.at(y, [2, 2, 0], x[2, :3])
            np.negative.at(y, [4])
            np.maximum.at(y, slice(0, 2), x[0, 0])
            return y * y

        agree(f, X, order=1)

    def test_the_shape_and_the_dtype_must_fit(self):
        def broadcast(x):
            y = x[0] * 1.0
            y += x

        def cast(x):
            y = x * 1.0
            y += 1j

        def integers(x):
            y = np.zeros_like(x, dtype=int)
            y[0] = x[0]

        with pytest.raises(ValueError, match=r"non-broadcastable output operand with shape \(4,\)"):
            fc.grad(broadcast)(X)
        with pytest.raises(TypeError, match="same_kind"):
            fc.grad(cast)(X)
        with pytest.raises(AssignmentError, match="array of int64"):
            fc.grad(integers)(X)
        with pytest.raises(ValueError, match="could not broadcast"):
            fc.grad(lambda x: x.__setitem__(0, np.ones(3)))(X)
        with pytest.raises(IndexError):
            fc.grad(lambda x: x.__setitem__(7, 1.0))(X)


class TestNewArrays:
    MAKERS = {
        "zeros_like": lambda x: np.zeros_like(x),
        "empty_like": lambda x: np.empty_like(x) * 0.0,
        "ones_like": lambda x: np.ones_like(x),
        "full_like": lambda x: np.full_like(x, 2.0),
        "zeros": lambda x: fnp.zeros(3),
        "ones": lambda x: fnp.ones((3,)),
        "full": lambda x: fnp.full(3, 1.5),
        "arange": lambda x: fnp.arange(3.0),
        "computed": lambda x: fnp.zeros(3) + 1.0,
        "two": lambda x: fnp.zeros((2, 3))[1],
    }

    @pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
    def test_a_loop_that_fills_an_array(self, make):
        def f(x):
            y = make(x)
            for k in range(3):
                y[k] = x[k] * y[k - 1] + np.sin(x[k])
            return y

        agree(f, V)
        batch = np.stack([V, 2 * V])
        np.testing.assert_allclose(fc.vmap(f)(batch), [f(v) for v in batch], rtol=1e-14)

    def test_outside_they_are_numpys_own(self):
        for made in (fnp.zeros(3), fnp.ones(3), fnp.empty(3), fnp.full(3, 1.0), fnp.arange(3)):
            assert type(made) is np.ndarray

    def test_plain_ones_come_out_of_a_transform(self):
        value, aux = fc.grad(lambda x: (np.sum(x), {"made": fnp.zeros(2)}), has_aux=True)(V)
        assert type(aux["made"]) is np.ndarray
        value, _ = fc.vjp(lambda x: (x, fnp.ones(2)), V)
        assert type(value[1]) is np.ndarray

    def test_they_are_arrays_to_everything_else(self):
        def f(x):
            y = fnp.zeros(3)
            y[1] = 2.0
            assert y[1] == 2.0
            assert float(y[1]) == 2.0
            assert y.tolist() == [0.0, 2.0, 0.0]
            assert np.asarray(y).tolist() == [0.0, 2.0, 0.0]
            assert "2." in repr(y)
            assert list(y) == [0.0, 2.0, 0.0]
            assert np.argmax(y) == 1
            if y[1] > 1:
                y[0] = x[0]
            return np.sum(y * x)

        np.testing.assert_array_equal(fc.grad(f)(V), [2 * V[0], 2.0, 0.0])

    def test_a_plain_array_names_the_way(self):
        def f(x):
            y = np.zeros(3)
            y[0] = x[0]
            return np.sum(y)

        with pytest.raises((AssignmentError, ConversionError), match=r"funcad\.numpy") as caught:
            fc.grad(f)(V)
        assert "test_assignment.py" in str(caught.value)


class TestFilling:
    """Pieces are put into an array when somebody looks; nobody can tell."""

    @pytest.mark.parametrize("dtype", ["f4", "f8", "c8", "c16"])
    def test_dtypes(self, dtype):
        def f(x):
            y = np.zeros_like(x)
            z = x * 1
            for k in range(2):
                y[k] = x[k] * x[k + 1]
                z[k] = 2
                z[k] *= y[k] + z[k + 1]
            y[2] = 0.1
            return y * z

        v = (V + (0.3j * V[::-1] if dtype[0] == "c" else 0)).astype(dtype)
        value, pullback = fc.vjp(f, v)
        plain = f(v.copy())
        assert value.dtype == plain.dtype == v.dtype
        assert value.tobytes() == plain.tobytes()
        t = np.ones_like(v)
        (g,), tangent = pullback(t), fc.jvp(f, (v,), (t,))[1]
        assert g.dtype == tangent.dtype == v.dtype
        np.testing.assert_allclose(np.sum(g * t), np.sum(tangent * t), rtol=1e-5)

    def test_elements_that_are_read_in_between(self):
        def f(t):
            y = fnp.zeros(5)
            y[0] = t
            y[1] = np.sin(t)
            for k in range(2, 5):
                y[k] = y[k - 1] * y[k - 2] + y[-1]
                assert type(fc.stop_gradient(y[k])) is type(fc.stop_gradient(y[0])) is np.float64
            return y

        value, tangent = fc.jvp(f, (0.7,), (1.0,))
        s, c = np.sin(0.7), np.cos(0.7)
        np.testing.assert_array_equal(value, [0.7, s, s * 0.7, s * 0.7 * s, s * 0.7 * s * (s * 0.7)])
        dp = c * 0.7 + s
        dq = dp * s + s * 0.7 * c
        expected = [1.0, c, dp, dq, dq * s * 0.7 + s * 0.7 * s * dp]
        np.testing.assert_allclose(tangent, expected, rtol=1e-14)
        np.testing.assert_allclose(fc.jacrev(f)(0.7), expected, rtol=1e-14)

    def test_what_is_written_is_what_it_was(self):
        def f(x):
            y, row, plain = np.zeros_like(x), x[0] * 2.0, np.arange(4.0)
            y[0] = row
            y[1] = plain
            row *= 3.0
            plain += 1.0
            y[2] = y[0]
            r = y[0]
            r[1] = 7.0
            y[0][2] *= x[1, 1]
            return np.sum(row * x[2]) + y * x

        agree(f, X)

    def test_a_failing_write_changes_nothing(self):
        def f(x):
            y = x * 2.0
            y[0] = x[1]
            for index, value in ((0, np.ones(3)), (7, 1.0), ((1, 2), np.ones(2)), (1, x[0, :2])):
                with pytest.raises((IndexError, ValueError)):
                    y[index] = value
            y[1, 2] = x[2, 2]
            return y

        agree(f, X)

    def test_what_an_inner_transform_looks_at(self):
        def f(x):
            y = np.zeros_like(x)
            y[0] = x[0]

            def inner(z):
                w = z * y[0]
                y[1] = x[1] * 3.0
                w[0] = z[1] * y[1]
                w[1] = z[0] * y[0]
                return np.sum(w * y)

            g = fc.grad(inner)(x * 2.0)
            y[2] = g[0]
            return g * y

        agree(f, V)

    def test_a_checkpoint_that_writes_to_an_array_that_it_was_given(self):
        def f(x):
            y = x * 1.0
            y[0] = x[1]
            fc.checkpoint(lambda z: z.__setitem__(1, z[2]))(y)
            return np.sum(y)

        with pytest.raises(AssignmentError, match=r"x\.copy\(\)"):
            fc.grad(f)(V)

    def test_a_linearisation_sees_arrays_put_together_before_other_operations(self):
        def f(x):
            y = x * x
            v = y[1:]
            y[1] = x[0]
            y[2] = x[1]
            return np.cumsum(v) * np.sum(y)

        np.testing.assert_allclose(fc.linearize(f, V)[1](V), fc.jvp(f, (V,), (V,))[1], rtol=1e-14)


class TestCheckpoint:
    def test_a_copy_may_be_written_to(self):
        def step(y, k):
            y = y.copy()
            y[k % 3] *= np.sin(y[0])
            return y

        def loop(x):
            for k in range(7):
                x = step(x, k)
            return x

        expected = fc.grad(lambda x: np.sum(loop(x)))(V)
        np.testing.assert_array_equal(fc.grad(lambda x: np.sum(fc.checkpoint_loop(step, x, 7)))(V), expected)

    def test_what_would_be_lost_is_refused(self):
        def argument(x):
            y = x * 1.0
            fc.checkpoint(lambda z: z.__setitem__(0, z[1]) or z * z)(y)
            return np.sum(y)

        def closure(x):
            y = x * 1.0
            fc.checkpoint(lambda z: y.__setitem__(0, z[1]) or z * y)(x)
            return np.sum(y)

        for f in (argument, closure):
            with pytest.raises(AssignmentError, match=r"x\.copy\(\)"):
                fc.grad(f)(V)


class TestNesting:
    def test_an_inner_transform_that_writes(self):
        def f(x):
            def inner(y):
                z = np.zeros_like(y)
                z[0] = y[1] * x[0]
                z[1:] = y[1:] ** 2 * x[1]
                return np.sum(z * y)

            g = fc.grad(inner)(x * 2)
            g[0] *= x[2]
            return g

        agree(f, V)

    def test_a_value_that_was_computed_with_is_kept(self):
        """d/dy of y * a at the time, whatever becomes of a afterwards."""

        def f(x):
            a = x * 3.0

            def inner(y):
                z = y * a
                a[0] = 100.0
                return np.sum(z)

            return fc.grad(inner)(np.ones(3))

        value, tangent = fc.jvp(f, (V,), (np.ones(3),))
        np.testing.assert_allclose(value, 3 * V)
        np.testing.assert_allclose(tangent, np.full(3, 3.0))

    def test_a_value_written_outside_an_inner_transform_is_a_leak(self):
        def f(x):
            kept = np.zeros_like(x)

            def inner(y):
                kept[0] = y * 2
                return y * y

            fc.grad(inner)(x[0])
            return np.sum(kept)

        with pytest.raises(LeakedTracerError):
            fc.grad(f)(V)

    def test_pullbacks_keep_what_was_computed_with(self):
        def f(x):
            y = x * x
            z = y * x
            y *= 2.0
            y[0] = 0.0
            return z + y

        _, pullback = fc.vjp(f, V)
        expected = 3 * V**2 + 4 * V * [0, 1, 1]
        np.testing.assert_allclose(pullback(np.ones(3))[0], expected)
        np.testing.assert_allclose(pullback(np.ones(3))[0], expected)

    @pytest.mark.parametrize(
        "derive",
        [
            fc.hessian,
            lambda f: fc.jacfwd(fc.jacfwd(f)),
            lambda f: fc.jacrev(fc.jacrev(f)),
            lambda f: fc.jacrev(fc.jacfwd(f)),
            lambda f: lambda x: fc.vmap(fc.hvp(f, (x,)))(np.eye(3)),
        ],
    )
    def test_second_derivatives(self, derive):
        def f(x):
            y = np.zeros_like(x)
            for k in range(3):
                y[k] = np.sin(x[k]) * y[k - 1] + x[k] ** 2
            y[1:] *= y[:-1]
            return np.sum(y)

        def unrolled(x):
            a = x[0] ** 2
            b = np.sin(x[1]) * a + x[1] ** 2
            c = np.sin(x[2]) * b + x[2] ** 2
            return a + b * a + c * b

        np.testing.assert_allclose(derive(f)(V), fc.hessian(unrolled)(V), rtol=1e-12)

    def test_higher_derivatives_by_series(self):
        def f(t):
            y = fnp.zeros(3)
            y[0] = np.sin(t)
            y[1] = y[0] * t
            y[:2] *= t
            return np.sum(y)

        expected = fc.derivative(lambda t: np.sin(t) * t + np.sin(t) * t * t, 4)(0.7)
        np.testing.assert_allclose(fc.derivative(f, 4)(0.7), expected, rtol=1e-12)


# --- random programs, against a model without views: every array is a list of places in a vector


class Model:
    """Arrays as places in vectors, which are made anew at every write."""

    def __init__(self):
        self.vectors = {}

    def new(self, value):
        key = len(self.vectors)
        self.vectors[key] = np.ravel(value)
        return key, np.arange(np.size(value)).reshape(np.shape(value))

    def read(self, name):
        key, places = name
        return np.reshape(np.take(self.vectors[key], np.ravel(places)), np.shape(places))

    def write(self, name, value):
        key, places = name
        old = self.vectors[key]
        places = np.asarray(places)
        mask = np.zeros(np.shape(old), bool)
        mask[places.ravel()] = True
        source = np.zeros(np.shape(old), int)
        source[places.ravel()] = np.arange(places.size)
        value = np.ravel(np.broadcast_to(value, places.shape))
        if places.size:
            self.vectors[key] = np.where(mask, np.take(value, source), old)

    def put(self, name, index, value):
        self.write((name[0], name[1][index]), value)


PARTS = [
    lambda a: a[1:], lambda a: a[::-1], lambda a: a[..., :2], lambda a: a[0, ...], lambda a: a.T, lambda a: a.reshape(-1),
    lambda a: a[:, 1] if a.ndim > 1 else a[::2], lambda a: np.flip(a), lambda a: np.expand_dims(a, 0), lambda a: a.ravel(),
    lambda a: a[None, ..., 1:], lambda a: np.moveaxis(a, 0, -1), lambda a: a[..., ::2], lambda a: a[(..., *[-1] * a.ndim)],
    lambda a: a.ravel()[:1].reshape(()),
]  # fmt: skip
PICKS = [
    lambda a: np.array([0, 0]),
    lambda a: 0,
    lambda a: slice(None, None, 2),
    lambda a: np.arange(a.shape[0]) % 2 == 0,
]


#: what is also done to arrays without axes, which are views where numbers are not
WITHOUT_AXES = {"scale", "add", "assign", "zeros"}


def place(a, c):
    """Return the index of an element of an array."""
    return tuple([(c + 2 * k) % n - (c % 2) * n for k, n in enumerate(a.shape)])


def run(program, x):
    """Run a program on arrays that are written to."""
    arrays = [x * 1.0, np.sin(x)]
    for op, i, j, c in program:
        a, b = arrays[i % len(arrays)], arrays[j % len(arrays)]
        if np.size(a) == 0 or (np.ndim(a) == 0 and op not in WITHOUT_AXES):
            continue
        if op == "part":
            arrays.append(PARTS[c % len(PARTS)](a))
        elif op == "compute":
            arrays.append(np.cos(a) * 1.1)
        elif op == "scale":
            a *= 1.0 + 0.1 * c
        elif op == "add":
            a += np.sum(b) * 0.01
        elif op == "set":
            index = PICKS[c % len(PICKS)](a)
            a[index] = np.mean(b) + 0.3 * a[index]
        elif op == "assign":
            a[...] = np.sin(a) + np.max(b) * 0.1
        elif op == "zeros":
            arrays.append(np.zeros_like(a))
        elif op == "element":
            a[place(a, c)] = a[place(a, c + 1)] * 1.1 + (0.5 if np.size(b) == 0 else b[place(b, j)])
        elif op == "number":
            a[place(a, c)] = 0.25 * c
        elif op == "rows":
            for k in range(len(a)):
                a[(k + c) % len(a)] = 0.9 * a[k] + 0.1 * a[(k + c) % len(a)]
        elif op == "slices":
            for k in range(0, len(a), 2):
                a[k : k + 2] = a[(k + c) % len(a)] * a[k : k + 2]
        elif op == "failing":
            with pytest.raises((ValueError, IndexError)):
                a[0 if c % 2 else (len(a),)] = a[0] if c % 4 == 0 else np.ones((2, 7))
        arrays = arrays[-8:]
    return sum([np.sum(a * (k + 1.0)) for k, a in enumerate(arrays)])


def run_model(program, x, shapes_of):
    """Run the same program on the model, which knows from NumPy's own arrays what shares memory."""
    model = Model()
    plain = [shapes_of * 1.0, np.sin(shapes_of)]
    names = [model.new(x * 1.0), model.new(np.sin(x))]
    for op, i, j, c in program:
        n, m = i % len(names), j % len(names)
        a = plain[n]
        if np.size(a) == 0 or (np.ndim(a) == 0 and op not in WITHOUT_AXES):
            continue
        mine, other = model.read(names[n]), model.read(names[m])
        if op == "part":
            part = PARTS[c % len(PARTS)](a)
            places = PARTS[c % len(PARTS)](names[n][1])
            shared = part is a or np.shares_memory(part, a) or part.size == 0
            names.append((names[n][0], places) if shared else model.new(PARTS[c % len(PARTS)](mine)))
            plain.append(part)
        elif op == "compute":
            plain.append(np.cos(a) * 1.1)
            names.append(model.new(np.cos(mine) * 1.1))
        elif op == "scale":
            model.write(names[n], mine * (1.0 + 0.1 * c))
        elif op == "add":
            model.write(names[n], mine + np.sum(other) * 0.01)
        elif op == "set":
            index = PICKS[c % len(PICKS)](a)
            model.write((names[n][0], names[n][1][index]), np.mean(other) + 0.3 * mine[index])
        elif op == "assign":
            model.write(names[n], np.sin(mine) + np.max(other) * 0.1)
        elif op == "zeros":
            plain.append(np.zeros_like(a))
            names.append(model.new(np.zeros(a.shape)))
        elif op == "element":
            b = plain[m]
            value = model.read((names[n][0], names[n][1][place(a, c + 1)])) * 1.1
            model.put(names[n], place(a, c), value + (0.5 if b.size == 0 else other[place(b, j)]))
        elif op == "number":
            model.put(names[n], place(a, c), 0.25 * c)
        elif op == "rows":
            for k in range(len(a)):
                mine = model.read(names[n])
                to = (k + c) % len(a)
                model.put(names[n], to, 0.9 * mine[k] + 0.1 * mine[to])
        elif op == "slices":
            for k in range(0, len(a), 2):
                mine = model.read(names[n])
                model.put(names[n], slice(k, k + 2), mine[(k + c) % len(a)] * mine[k : k + 2])
        names, plain = names[-8:], plain[-8:]
    return sum([np.sum(model.read(n) * (k + 1.0)) for k, n in enumerate(names)])


OPERATIONS = st.tuples(
    st.sampled_from([
        *("part", "part", "compute", "scale", "add", "set", "assign", "zeros"),
        *("element", "element", "number", "rows", "slices", "failing"),
    ]),
    st.integers(0, 7), st.integers(0, 7), st.integers(0, 30),
)  # fmt: skip


@settings(max_examples=max(80, settings.get_profile(settings.get_current_profile_name()).max_examples))
@given(st.lists(OPERATIONS, min_size=1, max_size=14))
def test_random_programs(program):
    value, pullback = fc.vjp(lambda x: run(program, x), X)
    assert np.asarray(value).tobytes() == np.asarray(run(program, X)).tobytes()
    gradient = fc.grad(lambda x: run_model(program, x, X))(X)
    np.testing.assert_allclose(pullback(1.0)[0], gradient, rtol=1e-9, atol=1e-11)
    t = np.cos(X)
    _, tangent = fc.jvp(lambda x: run(program, x), (X,), (t,))
    np.testing.assert_allclose(tangent, np.sum(gradient * t), rtol=1e-9, atol=1e-9)
    batch = fc.vmap(lambda x: run(program, x))(np.stack([t, X]))
    np.testing.assert_allclose(batch, [run(program, t), run(program, X)], rtol=1e-12, atol=1e-12)


@settings(max_examples=max(30, settings.get_profile(settings.get_current_profile_name()).max_examples))
@given(st.lists(OPERATIONS, min_size=1, max_size=10))
def test_second_derivatives_of_random_programs(program):
    t = np.cos(X)
    _, expected = fc.jvp(fc.grad(lambda x: run_model(program, x, X)), (X,), (t,))
    for derive in (
        lambda f: fc.jvp(fc.grad(f), (X,), (t,))[1],
        lambda f: fc.grad(lambda x: fc.jvp(f, (x,), (t,))[1])(X),
        lambda f: fc.grad(lambda x: np.sum(fc.grad(f)(x) * t))(X),
    ):
        np.testing.assert_allclose(derive(lambda x: run(program, x)), expected, rtol=1e-8, atol=1e-9)


# --- arrays without axes, which are views where numbers are not


def ellipsis(x):
    z = x * 1.0
    y = z[..., 0]
    y[...] = 5 * x[1]
    return np.sum(z)


def ellipsis_in_place(x):
    z = x * 1.0
    y = z[..., 0]
    y += 5 * x[1]
    return np.sum(z) * y


def reshaped(x):
    z = x * 1.0
    y = z[:1].reshape(())
    y *= x[1]
    z[0] += x[1]
    return np.sum(z) * y


def squeezed(x):
    z = x * 1.0
    y = np.squeeze(z[:1])
    z[0] = x[1] ** 2
    return np.sum(z) * y


def of_a_new_array(x):
    z = fnp.zeros(3)
    y = z[..., 0]
    y[...] = x[1] ** 2
    z[0] *= x[0]
    return np.sum(z) * y


def of_a_part_of_it(x):
    z = np.zeros_like(x)
    y = z[1:2].reshape(())
    y += x[1] ** 2
    return np.sum(z) * x[0]


def a_number_is_no_view(x):
    z = x * 1.0
    y = z[0]
    y += 5 * x[1]
    return np.sum(z) * y


def made_without_axes(x):
    y = fnp.zeros(())
    y[...] = x[0] * x[1]
    y *= x[0]
    np.multiply(y, x[1], out=y)
    return y


@pytest.mark.parametrize(
    "f",
    [ellipsis, ellipsis_in_place, reshaped, squeezed, of_a_new_array, of_a_part_of_it, a_number_is_no_view, made_without_axes],
)  # fmt: skip
def test_arrays_without_axes(f):
    rows = np.array([[1.3, 0.4], [-0.2, 0.9]])
    check_grads(f, (rows[0],), order=2)
    for g in (f, fc.grad(f)):
        np.testing.assert_allclose(fc.vmap(g)(rows), [g(row) for row in rows])
