"""Containers: the gradient has the structure of its argument, and everything else passes through."""

import collections
import dataclasses

import attrs
import numpy as np
import pytest

import funcad as fc
from funcad import tree
from funcad.errors import TreeError

Point = collections.namedtuple("Point", ["x", "y"])


@dataclasses.dataclass
class Layer:
    weights: np.ndarray
    bias: float
    name: str = "layer"


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    scale: float

    def __post_init__(self):
        if not isinstance(self.scale, float):
            raise TypeError("validators are for plain values")


@attrs.frozen
class Settings:
    rate: float = attrs.field(converter=float)
    label: str = "default"


W = np.array([[1.0, -2.0], [0.5, 3.0]])


def test_every_container():
    def f(p):
        layer = p["layers"][0]
        z = layer.weights @ np.array([p["point"].x, p["point"].y]) + layer.bias
        return np.sum(z * p["pair"][1]) * p["frozen"].scale + p["settings"].rate

    p = {
        "layers": [Layer(W, 0.5, "first")],
        "point": Point(2.0, -1.0),
        "pair": (np.array([9.0]), np.array([1.0, 2.0])),
        "frozen": Frozen(3.0),
        "settings": Settings(0.1, "mine"),
        "text": "words",
        "nothing": None,
        "ordered": collections.OrderedDict(b=1.0, a=2.0),
    }
    g = fc.grad(f)(p)
    assert list(g) == list(p)
    assert type(g["layers"][0]) is Layer and g["layers"][0].name == "first"
    np.testing.assert_allclose(g["layers"][0].weights, 3 * np.outer([1.0, 2.0], [2.0, -1.0]))
    assert g["layers"][0].bias == 9.0
    assert type(g["point"]) is Point
    np.testing.assert_allclose([g["point"].x, g["point"].y], 3 * W.T @ [1.0, 2.0])
    assert type(g["pair"]) is tuple
    np.testing.assert_array_equal(g["pair"][0], [0.0])
    assert type(g["frozen"]) is Frozen
    assert type(g["settings"]) is Settings and g["settings"].label == "mine" and g["settings"].rate == 1.0
    assert g["text"] == "words" and g["nothing"] is None
    assert g["ordered"] == {"b": 0.0, "a": 0.0} and type(g["ordered"]) is collections.OrderedDict


def test_forward_mode_and_results_in_containers():
    def f(p):
        return {"sum": p.x + p.y, "parts": [p.x * 2, "text"], "point": Point(p.y, 1.0)}

    value, tangent = fc.jvp(f, (Point(1.0, 2.0),), (Point(1.0, 0.5),))
    assert value == {"sum": 3.0, "parts": [2.0, "text"], "point": Point(2.0, 1.0)}
    assert tangent == {"sum": 1.5, "parts": [2.0, "text"], "point": Point(0.5, 0.0)}
    value, pullback = fc.vjp(f, Point(1.0, 2.0))
    (g,) = pullback({"sum": 1.0, "parts": [10.0, "text"], "point": Point(100.0, 0.0)})
    assert g == Point(21.0, 101.0)


def test_jacobian_blocks():
    def f(p):
        return {"a": p["w"] * p["b"], "s": np.sum(p["w"])}

    p = {"w": np.array([1.0, 2.0]), "b": 3.0}
    for jac in (fc.jacobian, fc.jacfwd, fc.jacrev):
        j = jac(f)(p)
        np.testing.assert_allclose(j["a"]["w"], np.diag([3.0, 3.0]))
        np.testing.assert_allclose(j["a"]["b"], [1.0, 2.0])
        np.testing.assert_allclose(j["s"]["w"], [1.0, 1.0])
        assert j["s"]["b"] == 0.0
    h = fc.hessian(lambda p: np.sum(p["w"] ** 2) * p["b"])(p)
    np.testing.assert_allclose(h["w"]["w"], 6 * np.eye(2))
    np.testing.assert_allclose(h["w"]["b"], [2.0, 4.0])
    np.testing.assert_allclose(h["b"]["w"], [2.0, 4.0])


def test_several_argnums_give_a_tuple():
    g = fc.grad(lambda x, y, z: x * y * z, argnums=(0, "z"))(2.0, 3.0, z=5.0)
    assert g == (15.0, 6.0)
    ((dxx, dxy), (dyx, dyy)) = fc.hessian(lambda x, y: x**2 * y, argnums=(0, 1))(2.0, 3.0)
    assert (dxx, dxy, dyx, dyy) == (6.0, 4.0, 4.0, 0.0)


class TestTreeFunctions:
    P = {"b": [2.0, np.ones((2, 2))], "a": 1.0, "s": "text"}

    def test_flatten_and_unflatten(self):
        leaves, structure = tree.flatten(self.P)
        assert len(leaves) == 4
        again = tree.unflatten(structure, leaves)
        assert list(again) == list(self.P) and again["s"] == "text"
        with pytest.raises(TreeError, match="4 leaves"):
            tree.unflatten(structure, leaves[1:])

    def test_a_leaf_is_a_tree(self):
        leaves, structure = tree.flatten(3.0)
        assert leaves == [3.0] and tree.unflatten(structure, [4.0]) == 4.0

    def test_map(self):
        doubled = tree.map(lambda x: x * 2, {"a": 1.0, "b": (np.ones(2),)})
        assert doubled["a"] == 2.0
        np.testing.assert_array_equal(doubled["b"][0], [2.0, 2.0])
        with pytest.raises(TreeError, match="structure"):
            tree.map(lambda x, y: x, (1.0,), [1.0])

    def test_ravel_is_differentiable_both_ways(self):
        vector, back = tree.ravel(self.P)
        np.testing.assert_array_equal(vector, [1.0, 2.0, 1.0, 1.0, 1.0, 1.0])
        again = back(vector * 3)
        assert again["a"] == 3.0 and again["s"] == "text" and again["b"][1].shape == (2, 2)

        def f(v):
            p = back(v)
            return p["a"] * np.sum(p["b"][1] ** 2) * p["b"][0]

        np.testing.assert_allclose(fc.grad(f)(vector), [8.0, 4.0, 4.0, 4.0, 4.0, 4.0])
        assert fc.hessian(f)(vector).shape == (6, 6)
        g = fc.grad(lambda p: np.sum(tree.ravel(p)[0] ** 2))({"a": 1.0, "b": np.array([2.0])})
        assert g["a"] == 2.0 and g["b"] == [4.0]
        with pytest.raises(TreeError, match=r"shape \(6,\)"):
            back(np.ones(5))

    def test_ravel_keeps_dtypes(self):
        p = {"a": np.float32(1.0), "b": np.ones(2, np.float32)}
        vector, back = tree.ravel(p)
        assert vector.dtype == np.float32
        assert back(vector)["b"].dtype == np.float32


def test_optimizer_loop_over_containers():
    p = {"w": np.zeros(2), "b": 0.0}
    data, target = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 0.5]]), np.array([5.0, 1.5, 2.0])
    loss = lambda p: np.mean((data @ p["w"] + p["b"] - target) ** 2)
    start = loss(p)
    for _ in range(300):
        p = tree.map(lambda x, g: x - 0.1 * g, p, fc.grad(loss)(p))
    assert loss(p) < 1e-3 * start
