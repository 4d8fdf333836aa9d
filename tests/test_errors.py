"""Every error says what happened, where, and what to write instead."""

import functools
import math
import types

import numpy as np
import pytest

import funcad as fc
from funcad import errors
from funcad.extend import elementwise, general, linear

X = np.array([1.0, 2.0, 3.0])
HERE = "test_errors.py"


def test_every_error_is_a_funcad_error_and_a_builtin():
    for name in dir(errors):
        cls = getattr(errors, name)
        if isinstance(cls, type) and issubclass(cls, Exception) and cls is not errors.FuncadError:
            if issubclass(cls, Warning):
                continue
            assert issubclass(cls, errors.FuncadError), name
            assert len(cls.__mro__) > 4, f"{name} refines no builtin exception"
            assert cls.__doc__, name


class TestInputs:
    @pytest.mark.parametrize("x", [3, True, np.int64(3), np.array([1, 2]), np.array([True])])
    @pytest.mark.parametrize("transform", [fc.grad, fc.jacfwd, fc.jacrev, fc.jacobian, fc.hessian])
    def test_integers_and_booleans(self, transform, x):
        with pytest.raises(errors.InputTypeError, match=r"argument 0 is .*(int|bool).*float") as info:
            transform(lambda x: x * 2.0)(x)
        assert isinstance(info.value, TypeError)

    def test_an_integer_inside_a_container_is_named_by_its_path(self):
        with pytest.raises(errors.InputTypeError, match=r"argument 0\['layers'\]\[1\] is the int 3"):
            fc.grad(lambda p: p["layers"][0] * 2.0)({"layers": [1.0, 3]})

    def test_jvp_and_vjp(self):
        with pytest.raises(errors.InputTypeError, match="argument 1 is an array of dtype int64"):
            fc.jvp(lambda x, y: x, (1.0, np.array([1])), (1.0, np.array([1])))
        with pytest.raises(errors.InputTypeError, match="argument 0 is the int 1"):
            fc.vjp(lambda x: x, 1)

    def test_no_number_at_all(self):
        with pytest.raises(errors.InputTypeError, match="holds no number"):
            fc.grad(lambda s: 1.0)("text")

    def test_a_container_that_contains_itself(self):
        cyclic = [1.0]
        cyclic.append(cyclic)
        with pytest.raises(errors.TreeError, match="contains itself"):
            fc.grad(lambda x: x[0])(cyclic)

    def test_a_container_that_is_not_taken_apart(self):
        class Settings(dict):
            pass

        for x in (Settings(a=1.0), {"m": Settings(a=[1.0])}, (types.MappingProxyType({"a": 1.0}), 2.0)):
            with pytest.raises(errors.InputTypeError, match="(Settings|mappingproxy), whose numbers"):
                fc.grad(lambda x: 1.0)(x)
        assert fc.grad(lambda p: p[1])((Settings(a="text"), 2.0)) == ({"a": "text"}, 1.0)

    def test_a_value_where_a_function_belongs(self):
        with pytest.raises(errors.ArgumentError, match=r"write grad\(f\)\(x\)"):
            fc.grad(X)


class TestArgnums:
    @staticmethod
    def f(x, y, *, z=1.0):
        return x * y * z

    @pytest.mark.parametrize("argnums", [2, 5, -3])
    def test_out_of_range(self, argnums):
        with pytest.raises(errors.ArgumentError, match="2 positional arguments"):
            fc.grad(self.f, argnums)(1.0, 2.0)

    def test_unknown_name(self):
        with pytest.raises(errors.ArgumentError, match=r"no parameter of that name \(it has x, y, z\)"):
            fc.grad(self.f, "w")(1.0, 2.0)

    def test_name_that_was_not_passed(self):
        with pytest.raises(errors.ArgumentError, match="called without 'z'"):
            fc.grad(self.f, "z")(1.0, 2.0)

    @pytest.mark.parametrize("argnums", [1.0, None, [0], (), True])
    def test_no_position_and_no_name(self, argnums):
        with pytest.raises(errors.ArgumentError, match="argnums"):
            fc.grad(self.f, argnums)

    def test_the_same_argument_twice(self):
        with pytest.raises(errors.ArgumentError, match="twice"):
            fc.grad(self.f, (0, "x"))(1.0, 2.0)


class TestOutputs:
    def test_non_scalar_names_jacobian(self):
        def double(x):
            return 2 * x

        with pytest.raises(errors.OutputError, match=r"shape \(3,\); take funcad.jacobian\(double\)"):
            fc.grad(double)(X)

    @pytest.mark.parametrize("out", ["text", None, {"a": 1.0}, (1.0, 2.0), [1.0]])
    def test_no_number(self, out):
        with pytest.raises(errors.OutputError, match="returns one number"):
            fc.grad(lambda x: out)(1.0)

    def test_no_array_for_vjp_and_jacobian(self):
        for transform in (lambda f: fc.vjp(f, 1.0), lambda f: fc.jacobian(f)(1.0)):
            with pytest.raises(errors.OutputError, match="returns an array or a container of arrays"):
                transform(lambda x: "text")

    def test_complex_result(self):
        with pytest.raises(errors.OutputError, match="holomorphic=True"):
            fc.grad(lambda z: z * z)(1.0 + 2.0j)

    def test_holomorphic_wants_complex_numbers(self):
        with pytest.raises(errors.InputTypeError, match="complex"):
            fc.grad(lambda z: z * z, holomorphic=True)(1.0)
        with pytest.raises(errors.OutputError, match="complex result"):
            fc.grad(lambda z: abs(z), holomorphic=True)(1.0 + 1.0j)
        for jac in (fc.jacfwd, fc.jacrev, fc.jacobian):
            with pytest.raises(errors.OutputError, match="complex result"):
                jac(np.abs, holomorphic=True)(np.array([1.0j]))

    def test_has_aux_wants_a_pair(self):
        with pytest.raises(errors.OutputError, match=r"pair \(value, aux\)"):
            fc.grad(lambda x: x, has_aux=True)(1.0)


class TestTangentsAndCotangents:
    def test_structure(self):
        with pytest.raises(errors.MismatchError, match="structure"):
            fc.jvp(lambda p: p["a"], ({"a": 1.0},), ({"b": 1.0},))
        value, pullback = fc.vjp(lambda x: (x, x), 1.0)
        with pytest.raises(errors.MismatchError, match="structure"):
            pullback(1.0)

    def test_shape_names_the_leaf(self):
        with pytest.raises(
            errors.MismatchError, match=r"argument 0\['a'\] must have the shape \(3,\).*\(2,\)"
        ):
            fc.jvp(lambda p: p["a"], ({"a": X},), ({"a": np.ones(2)},))
        value, pullback = fc.vjp(lambda x: {"out": x}, X)
        with pytest.raises(errors.MismatchError, match=r"result\['out'\] must have the shape \(3,\)"):
            pullback({"out": np.ones((3, 1))})

    @pytest.mark.parametrize("dtype", [np.int64, np.float32, np.complex128, bool])
    def test_dtype(self, dtype):
        with pytest.raises(errors.MismatchError, match="dtype float64"):
            fc.jvp(np.sin, (X,), (np.ones(3, dtype),))
        with pytest.raises(errors.MismatchError, match="dtype float64"):
            fc.vjp(np.sin, X)[1](np.ones(3, dtype))

    def test_complex_number_for_a_real_value(self):
        with pytest.raises(errors.MismatchError, match="real"):
            fc.vjp(np.sin, 1.0)[1](1j)

    def test_counts_and_tuples(self):
        with pytest.raises(errors.MismatchError, match="2 primals and 1 tangents"):
            fc.jvp(lambda x, y: x, (1.0, 2.0), (1.0,))
        with pytest.raises(errors.MismatchError, match=r"jvp\(f, \(x,\), \(t,\)\)"):
            fc.jvp(np.sin, 1.0, 1.0)
        with pytest.raises(errors.MismatchError, match=r"hvp\(f, \(x,\), \(v,\)\)"):
            fc.hvp(np.sum, np.ones(1), np.ones(1))


class TestRulesThatAreMissing:
    def test_function(self):
        with pytest.raises(errors.NoRuleError, match=rf"np.packbits has no derivative rule.*{HERE}"):
            fc.grad(lambda x: np.packbits(x))(1.0)

    def test_keyword(self):
        with pytest.raises(errors.UnsupportedArgumentError, match="argument where="):
            fc.grad(lambda x: np.sum(np.sin(x, where=np.array([True, False, True]))))(X)

    def test_out_is_refused(self):
        with pytest.raises(errors.FuncadError, match="out"):
            fc.grad(lambda x: np.sum(np.sum(x, axis=0, out=np.zeros(()))))(X)

    def test_traced_value_in_a_place_without_derivative(self):
        with pytest.raises(errors.FuncadError, match="repeats|derivative"):
            fc.grad(lambda x: np.sum(np.full(3, 2.0) + np.clip(x, 0, 1, out=np.zeros(3))))(X)


class TestConversions:
    def test_hashes(self):
        cached = functools.lru_cache(lambda x: x * x)
        with pytest.raises(errors.ConversionError, match=rf"{HERE}.*lru_cache.*__wrapped__"):
            fc.grad(lambda x: cached(x))(2.0)
        with pytest.raises(errors.ConversionError, match="hashed"):
            fc.grad(lambda x: {x: 1.0}[x])(2.0)

    @pytest.mark.parametrize("convert", [float, int, complex, math.sin, math.exp, range, np.float64])
    def test_to_a_plain_number(self, convert):
        with pytest.raises(errors.ConversionError, match=rf"{HERE}.*derivative would be lost") as info:
            fc.grad(lambda x: convert(x) * x)(2.0)
        assert isinstance(info.value, TypeError)
        assert "np.sin(x) for math.sin(x)" in str(info.value)

    def test_to_an_index(self):
        with pytest.raises(errors.ConversionError, match="index"):
            fc.grad(lambda x: [1.0, 2.0][x] * x)(1.0)

    def test_to_an_array_of_floats(self):
        for f in (
            lambda x: np.sum(np.array([x, x], dtype=float)),
            lambda x: np.sum(np.asarray(x, dtype=np.float64)),
        ):
            with pytest.raises(errors.ConversionError, match=HERE):
                fc.grad(f)(1.0)

    def test_an_array_of_separate_traced_elements(self):
        for f in (
            lambda x: np.linalg.inv(np.array([[x[0], 1.0], [2.0, x[1]]]))[0, 0],
            lambda x: np.sum(np.exp(np.array([x[0], 3.0]))),
        ):
            with pytest.raises(errors.ConversionError, match=rf"{HERE}.*funcad.numpy.array"):
                fc.grad(f)(X)

    @pytest.mark.filterwarnings("ignore:a traced array was taken apart")
    def test_memory_of_traced_values(self):
        as_strided = np.lib.stride_tricks.as_strided
        x = np.arange(12.0).reshape(3, 4)
        steps = (32, 16)
        np.testing.assert_array_equal(
            fc.jvp(lambda x: as_strided(x, (3, 2), steps) * 2, (x,), (x,))[1], 2 * x[:, ::2]
        )

        def writes(x):
            as_strided(x, (3, 2), steps)[0] = 1.0
            return x

        with pytest.raises(ValueError, match="read-only"):
            fc.jvp(writes, (x,), (x,))
        for f in (
            lambda x: as_strided(x.T, (2, 2), x.T.strides),
            lambda x: as_strided(x[:, ::2], (2, 2), x[:, ::2].strides),
            lambda x: as_strided(x.astype("f4"), (3, 2), (8, 4)),
            lambda x: as_strided(x, (4, 4), x.strides),
            lambda x: as_strided(x[1], (2,), (-8,)),
        ):
            for run in (fc.jacfwd(f), fc.jacrev(f)):
                with pytest.raises(
                    errors.ConversionError, match=rf"as_strided at .*{HERE}.*sliding_window_view"
                ):
                    run(x)

    def test_pickling(self):
        import pickle

        with pytest.raises(errors.ConversionError, match="pickled"):
            fc.grad(lambda x: pickle.dumps(x) and x)(1.0)


class TestStores:
    def test_element(self):
        def f(x):
            a = np.zeros(3)
            a[0] = x[0] * 2
            return a[0]

        with pytest.raises(
            errors.AssignmentError, match=rf"{HERE}.*a\[0\] = x\[0\] \* 2.*funcad.numpy.zeros"
        ):
            fc.grad(f)(X)

    def test_slice(self):
        def f(x):
            a = np.zeros(3)
            a[:] = x
            return a[0]

        with pytest.raises(errors.AssignmentError, match=r"a\[:\] = x"):
            fc.grad(f)(X)

    def test_in_place_operator_on_a_plain_array(self):
        def f(x):
            a = np.ones(3)
            a += x
            return a[0]

        with pytest.raises(errors.AssignmentError, match=r"write `a = a \+ value`"):
            fc.grad(f)(X)

    def test_what_changes_size_or_type(self):
        for method in ("resize", "byteswap"):
            with pytest.raises((errors.AssignmentError, errors.ConversionError)):
                fc.grad(lambda x, name=method: getattr(x, name)(3))(X.copy())

        def reshaped(x):
            x.shape = (-1, 1)
            return x

        for run in (fc.jacfwd(reshaped), fc.jacrev(reshaped), fc.vmap(reshaped)):
            with pytest.raises(errors.AssignmentError, match=rf"x.shape = .*{HERE}.*reshape"):
                run(np.eye(4))

    def test_in_place_operators_on_numbers_are_fine(self):
        def f(x):
            total = 0.0
            for k in range(3):
                total += x * k
            x *= 2.0
            return total + x

        assert fc.grad(f)(1.0) == 5.0

    def test_nan_from_the_users_own_error_is_not_hidden(self):
        with pytest.raises(ValueError, match="mine"):
            fc.grad(lambda x: (_ for _ in ()).throw(ValueError("mine")))(1.0)


class TestRulesThatAreWrong:
    def test_unknown_name(self):
        @fc.primitive
        def f(x, n=2):
            return x**n

        with pytest.raises(errors.RuleError, match=rf"{HERE}.*names 'z'.*ans, x, n, x_shape"):
            f.def_vjp(lambda g, z: g)
        f.def_vjp(lambda g, x, n: g * n * x ** (n - 1))  # the refused one left nothing behind
        assert fc.grad(f)(3.0) == 6.0

    def test_unknown_name_in_a_row(self):
        def mine(x):
            return x

        for declare in (elementwise, linear):
            with pytest.raises(errors.RuleError, match="names 'w'"):
                declare(mine, lambda w: w) if declare is elementwise else declare(mine, lambda g, w: g)
        with pytest.raises(errors.RuleError, match="no parameter 'q'"):
            general(mine, vjp=lambda g: g, operands=["q"])

    def test_second_registration(self):
        with pytest.raises(errors.RegistrationError, match="np.sin is registered already"):
            elementwise(np.sin, lambda x: np.cos(x))

        @fc.primitive
        def f(x):
            return x

        f.def_jvp(lambda t: t)
        with pytest.raises(errors.RegistrationError, match="jvp rules already"):
            f.def_jvp(lambda t: t)
        with pytest.raises(errors.RegistrationError):
            f.def_elementwise(1)

    def test_no_rule_yet(self):
        @fc.primitive
        def f(x):
            return x

        assert f(2.0) == 2.0
        with pytest.raises(errors.NoRuleError, match="f.def_jvp"):
            fc.grad(f)(1.0)

    def test_closing_over_a_traced_value(self):
        def outer(x):
            @fc.primitive
            def f(y):
                return y * x

            f.def_vjp(lambda g, ans: g)
            return f(x)

        with pytest.raises(errors.RuleError, match="not among its arguments"):
            fc.grad(outer)(2.0)


class TestReversePass:
    def test_names_the_users_line(self):
        @fc.primitive
        def f(x):
            return x * 2

        f.def_vjp(lambda g, x: np.linalg.inv(np.zeros((2, 2))))

        def program(x):
            y = np.sin(x)
            y = f(y)  # the line to name
            return np.exp(y)

        with pytest.raises(errors.ReversePassError, match=rf"LinAlgError.*{HERE}:\d+ \(`y = f\(y\)") as info:
            fc.grad(program)(1.0)
        assert isinstance(info.value.__cause__, np.linalg.LinAlgError)
        value, pullback = fc.vjp(program, 1.0)
        with pytest.raises(errors.ReversePassError, match="y = f"):
            pullback(1.0)

    def test_a_function_that_does_not_run_twice_alike(self):
        @fc.primitive
        def f(x):
            return x * 2

        f.def_vjp(lambda g: 1 / 0)
        runs = []

        def raises(x):
            runs.append(1)
            if len(runs) == 2:
                raise OSError("no second run")
            return f(x)

        def grows(x):
            runs.append(1)
            for _ in runs:
                x = x + 1
            return f(x)

        for program in (raises, grows):
            with pytest.raises(errors.ReversePassError, match="ZeroDivisionError.*at an unknown line"):
                fc.grad(program)(1.0)
