"""The checker against wrong rules: each must fail, and name the entry, both numbers and the place."""

import math
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

import funcad as fc
from funcad.errors import ArgumentError, DerivativeError, InputTypeError, NoRuleError, OutputError
from funcad.testing import check_grads, check_primitive
from funcad.testing.command import main
from funcad.testing.differences import derivative
from funcad.testing.samples import call, samples, separated

pytestmark = pytest.mark.usefixtures("scratch")

A = np.array([[0.3, -1.2, 2.0], [1.1, 0.4, -0.7]])
ROW = np.array([0.5, -2.0, 1.5])


def place_of(rule):
    return f"{__file__}:{rule.__code__.co_firstlineno}"


def failure(f, *args, **kwargs):
    with pytest.raises(DerivativeError) as caught:
        check_primitive(f, *args, **kwargs)
    return str(caught.value)


def cubed():
    @fc.primitive
    def cube(x):
        return x * x * x

    return cube


# --- wrong rules


def test_a_factor_of_2_001_for_2():
    @fc.primitive
    def square(x):
        return x * x

    rule = lambda x: 2.001 * x
    square.def_elementwise(rule)
    text = failure(square, A)
    assert "square: wrong derivative with respect to argument 0 (x), entry (0, 0)" in text
    assert "d ans[0, 0] / d argument 0 (x)[0, 0]" in text
    assert f"rule       {2.001 * 0.3:.12g}" in text
    assert "reference  0.6" in text
    assert "ratio      1.0005" in text
    assert place_of(rule) in text
    assert "square(float64(2, 3))" in text


def test_a_factor_given_as_a_number():
    @fc.primitive
    def double(x):
        return 2 * x

    double.def_elementwise(2.001)
    text = failure(double)
    assert "the number 2.001 in its row" in text
    assert "reference  2 " in text


def test_a_wrong_sign():
    rule = lambda x: -3 * x * x
    cube = cubed()
    cube.def_elementwise(rule)
    text = failure(cube, ROW)
    assert "ratio      -1" in text
    assert "rule       -0.75" in text
    assert place_of(rule) in text


def test_one_wrong_entry_is_the_one_that_is_named():
    wrong = np.array([[1.0, 1.0, 1.0], [1.0, 0.999, 1.0]])
    rule = lambda x: 3 * x * x * wrong
    cube = cubed()
    cube.def_elementwise(rule)
    assert "entry (1, 1)" in failure(cube, A)


def test_the_wrong_argument_is_the_one_that_is_named():
    @fc.primitive
    def scaled(x, y):
        return x * np.exp(y)

    right = lambda y: np.exp(y)
    wrong = lambda ans: ans * 1.01
    scaled.def_elementwise(right, wrong)
    text = failure(scaled, A, ROW)
    assert "argument 1 (y), entry (0,)" in text
    assert place_of(wrong) in text
    assert place_of(right) not in text


def test_a_wrong_vjp_beside_a_right_jvp():
    cube = cubed()
    right, wrong = lambda t, x: 3 * x * x * t, lambda g, x: 3 * x * g
    cube.def_jvp(right)
    cube.def_vjp(wrong)
    text = failure(cube, ROW)
    assert "checked    vjp" in text
    assert "entry (0,)" in text
    assert "rule       1.5" in text
    assert "reference  0.75" in text
    assert f"{place_of(wrong)} (vjp rule)" in text


def test_a_wrong_jvp_beside_a_right_vjp():
    cube = cubed()
    wrong, right = lambda t, x: 2 * x * x * t, lambda g, x: 3 * x * x * g
    cube.def_jvp(wrong)
    cube.def_vjp(right)
    text = failure(cube, ROW)
    assert "checked    jvp" in text
    assert f"{place_of(wrong)} (jvp rule)" in text


def test_a_wrong_rule_from_which_the_other_mode_follows():
    cube = cubed()
    wrong = lambda g, x: x * x * g
    cube.def_vjp(wrong)
    assert f"{place_of(wrong)} (vjp rule, from which the jvp follows)" in failure(cube, ROW)


def test_a_wrong_transpose_of_a_linear_function():
    @fc.primitive
    def turned(x):
        return x.T

    wrong = lambda g, x_shape: np.reshape(g, x_shape)
    turned.def_linear(wrong)
    text = failure(turned, A)
    assert "checked    vjp" in text
    assert f"{place_of(wrong)} (transpose)" in text


def test_a_wrong_shape():
    @fc.primitive
    def doubled(x):
        return 2 * x

    wrong = lambda g: 2 * np.ones((3, 2))
    doubled.def_vjp(wrong)
    text = failure(doubled, A)
    assert "(3, 2)" in text
    assert "(2, 3)" in text
    assert place_of(wrong) in text


@pytest.mark.parametrize("axis", [0, 1])
def test_a_missing_broadcast(axis):
    @fc.primitive
    def total(x, axis):
        return np.sum(x, axis)

    # along axis 0 the numbers would come out right, by luck of the shapes
    wrong = lambda g, axis: g
    total.def_vjp(wrong)
    text = failure(total, A, axis)
    assert "total" in text
    assert place_of(wrong) in text
    assert "(2, 3)" in text


def test_a_jvp_of_the_wrong_shape():
    @fc.primitive
    def total(x):
        return np.sum(x)

    wrong = lambda t: t
    total.def_jvp(wrong)
    text = failure(total, A)
    assert place_of(wrong) in text


def test_a_wrong_number_of_tangents():
    @fc.primitive
    def both(x):
        return x + 1, 2 * x

    wrong = lambda t: (t,)
    both.def_jvp(wrong)
    assert place_of(wrong) in failure(both, ROW)


def test_a_rule_that_raises():
    cube = cubed()
    wrong = lambda g, x: g @ np.ones((7, 7))
    cube.def_vjp(wrong)
    text = failure(cube, ROW)
    assert "ValueError" in text
    assert place_of(wrong) in text


def test_a_rule_with_plain_values_fails_in_second_order():
    cube = cubed()
    rule = lambda x: 3 * fc.stop_gradient(x) ** 2
    cube.def_elementwise(rule)
    check_primitive(cube, ROW, order=1)
    text = failure(cube, ROW)
    assert "checked    jvp of jvp" in text
    assert "rule       0\n" in text
    assert "reference" in text
    assert place_of(rule) in text
    assert "the first derivative is right" in text


def test_a_wrong_second_derivative_of_one_mode_only():
    cube = cubed()
    right, rule = lambda t, x: 3 * x * x * t, lambda g, x: 3 * fc.stop_gradient(x) ** 2 * g
    cube.def_jvp(right)
    cube.def_vjp(rule)
    text = failure(cube, ROW)
    assert "checked    jvp of vjp" in text
    assert place_of(rule) in text


def test_several_results_of_which_one_is_wrong():
    @fc.primitive
    def both(x):
        return np.sin(x), np.cos(x)

    wrong = lambda t, x: (np.cos(x) * t, np.sin(x) * t)
    both.def_jvp(wrong)
    text = failure(both, ROW)
    assert "d ans[1][0] / d argument 0 (x)[0]" in text
    assert place_of(wrong) in text


def test_an_operand_without_a_rule():
    @fc.primitive
    def weighed(x, w):
        return x * w

    weighed.def_vjp(lambda g, w: g * w, None)
    assert "no derivative with respect to its argument 'w'" in failure(weighed, ROW, ROW)


# --- right rules


def test_one_right_rule_is_enough():
    for declare in (
        lambda f: f.def_jvp(lambda t, x: 3 * x * x * t),
        lambda f: f.def_vjp(lambda g, x: 3 * x * x * g),
        lambda f: f.def_elementwise(lambda x: 3 * x * x),
    ):
        cube = cubed()
        declare(cube)
        for point in (A, ROW, 2.0, np.float32(1.5), np.zeros(0), A.astype(np.float32), ROW * (1 + 2j)):
            assert check_primitive(cube, point, order=3).samples == 1


def test_keywords_and_lists_of_arrays_reach_the_primitive():
    check_primitive(np.sum, A, axis=0, keepdims=True)
    check_primitive(np.concatenate, [A, A[:1]], axis=0)


def test_a_primitive_without_samples_needs_arguments():
    @fc.primitive
    def total(x):
        return np.sum(x)

    total.def_vjp(lambda g, x_shape: np.broadcast_to(g, x_shape))
    assert "pass example arguments to check_primitive" in failure(total)
    check_primitive(total, A)
    samples(total, call(separated(3)))
    assert check_primitive(total).samples == 2


def test_a_function_without_rules_is_refused():
    with pytest.raises(NoRuleError, match="check_grads"):
        check_primitive(math.sin, 1.0)


# --- check_grads


@dataclass
class Layer:
    weights: np.ndarray
    bias: float
    name: str


def test_containers_are_checked_leaf_by_leaf():
    def f(layer, scale):
        return {"y": np.tanh(layer.weights @ ROW + layer.bias) * scale[0], "name": layer.name}

    check_grads(f, (Layer(A, 0.5, "first"), [2.0, 3]))


def test_a_wrong_leaf_is_named_by_its_path():
    cube = cubed()
    cube.def_elementwise(lambda x: 3.1 * x * x)
    with pytest.raises(DerivativeError, match=r"args\[0\]\['w'\].*entry \(2,\)"):
        check_grads(lambda p: p["b"] * np.sum(cube(p["w"])[2]), ({"b": 2.0, "w": ROW},))


@pytest.mark.parametrize("modes", [("fwd",), ("rev",), ("fwd", "rev")])
def test_every_mode_finds_the_wrong_rule(modes):
    cube = cubed()
    cube.def_elementwise(lambda x: 3.001 * x * x)
    with pytest.raises(DerivativeError, match="ratio      1.000333"):
        check_grads(cube, (ROW,), modes=modes)


def test_scales_of_the_arguments_do_not_matter():
    for scale in (1e-12, 1e-3, 1.0, 1e6, 1e30):
        check_grads(np.square, (scale * A,))
        check_grads(np.log, (scale * np.abs(A),))
    check_grads(lambda x, y: x * np.sin(y), (1e8, 1e-8))


def test_complex_arguments_and_results():
    z = A + 1j * A[::-1]
    check_grads(lambda z: np.exp(z) * z, (z,))
    check_grads(lambda z: np.sum(np.abs(z) ** 2), (z,))
    check_grads(lambda x: np.exp(1j * x), (A,))


def test_third_order():
    check_grads(lambda x: np.sin(x) * x, (ROW,), order=3)


def test_a_kink_is_no_point_for_a_check():
    with pytest.raises(DerivativeError, match="do not settle"):
        check_grads(lambda x: np.abs(x), (np.array([0.0, 1.0]),))


def test_a_jump_is_no_point_for_a_check():
    with pytest.raises(DerivativeError, match="do not settle"):
        check_grads(lambda x: x if np.sum(x) == np.sum(ROW) else -x, (ROW,))


def test_a_point_outside_the_domain_is_refused():
    with np.errstate(all="ignore"), pytest.raises(DerivativeError, match="not finite"):
        check_grads(lambda x: np.log(x), (np.array([-1.0, 1.0]),))


def test_what_cannot_be_checked_says_so():
    with pytest.raises(InputTypeError, match="2.0 for 2"):
        check_grads(lambda x: x * 2, (2,))
    with pytest.raises(OutputError, match="no floating-point number"):
        check_grads(lambda x: "text", (2.0,))
    with pytest.raises(ArgumentError, match="modes"):
        check_grads(lambda x: x, (2.0,), modes=("forward",))
    with pytest.raises(ArgumentError, match="order"):
        check_grads(lambda x: x, (2.0,), order=0)


def test_errors_of_the_function_itself_are_left_as_they_are():
    def f(x):
        if type(x) is np.ndarray:
            return x
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        check_grads(f, (A,))


# --- the reference


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (np.sin, 1.0, math.cos(1.0)),
        (np.exp, 3.0, math.exp(3.0)),
        (lambda x: np.abs(x) * x, 0.05, 0.1),
        (lambda x: np.sqrt(x), 1e-6, 500.0),
        (lambda x: np.maximum(x, 0.9), 1.0, 1.0),
        (lambda x: math.lgamma(x), 0.5, -1.9635100260214235),
    ],
)
def test_differences_are_sharp_and_know_their_error(f, x, expected):
    estimate = derivative(f, (x,), (x,))
    error = abs(estimate.value[0] - expected * x)
    assert error <= 1e-9 * abs(expected * x)
    assert error <= 10 * estimate.error[0]


def test_the_complex_step_is_taken_only_where_it_holds():
    assert derivative(np.sin, (1.0,), (1.0,)).method == "complex step"
    assert derivative(lambda x: np.real(x) ** 2, (1.0,), (1.0,)).method == "finite differences"
    assert derivative(np.abs, (1.0,), (1.0,)).method == "finite differences"
    assert derivative(np.sin, (1.0 + 1j,), (1.0 + 0j,)).method == "finite differences"


def test_noise_is_seen_in_the_estimated_error():
    estimate = derivative(lambda x: np.float64(np.float32(np.sin(x))), (1.0,), (1.0,))
    assert 1e-9 < estimate.error[0] < 1e-2
    assert abs(estimate.value[0] - math.cos(1.0)) <= 10 * estimate.error[0]


# --- the command


def test_check_of_one_rule(capsys):
    assert main(["check", "--only", "np.tanh"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == f"{fc.build_info()}, seed 0"
    assert out[1].split() == ["primitive", "kind", "samples", "result", "largest", "error"]
    assert out[2].split()[:2] == ["np.tanh", "elementwise"]
    assert "passed" in out[2]
    assert out[-1].startswith("1 passed over ")


def test_check_without_rich_prints_the_same(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "rich.console", None)
    assert main(["check", "--only", "tanh"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[1].split() == ["primitive", "kind", "samples", "result", "largest", "error"]
    assert out[2].split()[:2] == ["np.tanh", "elementwise"]


def test_check_fails_for_a_wrong_rule(capsys):
    @fc.primitive
    def crooked(x):
        return x * x

    rule = lambda x: 2.001 * x
    crooked.def_elementwise(rule)
    name = next(p.name for p in fc.core.primitive.registry.values() if "crooked" in p.name)
    assert main(["check", "--only", name]) == 1
    out = capsys.readouterr().out
    assert "failed" in out
    assert place_of(rule) in out


def test_check_of_an_unknown_name_suggests_one(capsys):
    assert main(["check", "--only", "np.tanhh"]) == 2
    assert "did you mean np.tanh" in capsys.readouterr().err


def test_rules_lists_the_registry(capsys):
    assert main(["rules"]) == 0
    out = capsys.readouterr().out
    assert "np.sin" in out
    assert "at once" in out
    assert out.splitlines()[-1].endswith("functions")


def test_the_module_runs_as_a_program():
    run = subprocess.run(
        [sys.executable, "-m", "funcad", "check", "--only", "np.sin", "--seed", "3"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "seed 3" in run.stdout


def test_extended_precision():
    check_grads(np.sin, (np.array([0.5, 1.0, 2.0], np.longdouble),))
    check_grads(lambda x: np.exp(x), (np.array([0.5 + 1j], np.clongdouble),))
