"""How draws move with their parameters, against numbers of 30 digits.

The references are derivatives of z where F(z; parameters) is fixed, by mpmath: the distribution function in 30
digits, differenced with steps of 1e-11, and for second derivatives its inverse at steps of 1e-6.
"""

import numpy as np
import pytest

import funcad as fc
from funcad.rules.random import moving

#: family, draw, parameters, the derivatives by each, the second derivative by the first
ROWS = [
    ("gamma", 1e-30, (0.02,), (3.42663817396826e-27,), 1.1399265267635355e-23),
    ("gamma", 0.5, (0.02,), (23.603121089664384,), -681.5913364294813),
    ("gamma", 0.3, (0.7,), (0.7785402442490689,), 0.3535951307003564),
    ("gamma", 0.9, (1.0,), (1.1118043758830063,), -0.026059967192812342),
    ("gamma", 1.2, (1.0,), (1.285471753590272,), -0.14715280235310088),
    ("gamma", 4.0, (2.5,), (1.3396081953658443,), -0.0756605688642519),
    ("gamma", 1.5, (6.0,), (0.47417816483465597,), 0.041532147325378056),
    ("gamma", 60.0, (50.0,), (1.0975795857767268,), -0.0009814281596614196),
    ("gamma", 45.0, (50.0,), (0.9514101922116238,), 0.0004896118211813696),
    ("beta", 0.001, (0.1, 0.3), (0.09039049255037121, -0.009404497538292712), 6.299158378678497),
    ("beta", 0.4, (0.5, 0.5), (0.9552001581682554, -0.8197880162310238), -2.2613747575001164),
    ("beta", 0.7, (2.0, 3.0), (0.09202546445907472, -0.10829698905037148), -0.05917032059199901),
    ("beta", 0.02, (1.5, 60.0), (0.016135991028075895, -0.0003286223719907474), -0.00031816433006128566),
    ("beta", 0.6, (30.0, 20.0), (0.008098509923440514, -0.012181564361833954), -0.0003278525379955425),
    ("beta", 0.99, (4.0, 0.2), (0.0027467082551109016, -0.1551356263139271), -0.0015043124469204963),
    ("beta", 0.3, (0.05, 8.0), (1.552350311530749, -0.033007918973978576), -30.037096203514245),
    ("t", 0.3, (1.0,), (-0.0656678623867946,), 0.13015460530864098),
    ("t", -2.5, (1.0,), (2.284332961431752,), -7.34190672613138),
    ("t", 1.5, (7.0,), (-0.02385165118372419,), 0.007517516510096454),
    ("t", 3.0, (200.0,), (-0.00018529836333492844,), 1.8739302136257862e-06),
    ("t", -40.0, (0.4,), (411.3270869475694,), -6448.962170749385),
    ("f", 0.5, (3.0, 5.0), (0.085032574698156, -0.005186786171068744), -0.043798075428790946),
    ("f", 2.5, (40.0, 7.0), (-0.0014968550212552895, -0.19770925851053942), 7.198798082485069e-05),
    ("f", 0.1, (1.0, 2.0), (0.21967485596095943, -0.012748060512539022), -0.008116424919560251),
    ("vonmises", 0.5, (0.3,), (-0.41548890446726605,), 0.540958637972236),
    ("vonmises", -2.0, (2.0,), (0.8132485797458788,), -0.4778839221469362),
    ("vonmises", 0.2, (30.0,), (-0.0033736392311177208,), 0.0001707600287129556),
    ("vonmises", 3.0, (1.0,), (-0.20296699607150767,), -0.33421109471016536),
    ("wald", 0.5, (1.0, 2.0), (0.3045902987101033, 0.09770485064494835), -0.21836119484044964),
    ("wald", 3.0, (1.0, 0.4), (3.449806301088446, -1.124515752721115), 0.08719643539771552),
    ("wald", 2.0, (2.5, 9.0), (0.6699845858557208, 0.03611539281785533), -0.08156878037309083),
]
MOVED = {name: getattr(moving, f"{name}_of") for name, *_ in ROWS}


@pytest.mark.parametrize(("name", "z", "params", "slopes", "second"), ROWS)
@pytest.mark.parametrize("jacobian", [fc.jacfwd, fc.jacrev])
def test_derivatives_have_the_digits_of_the_reference(jacobian, name, z, params, slopes, second):
    def draw(*p):
        return MOVED[name](*p, z, *params)

    assert draw(*params) == z
    everyone = tuple(range(len(params)))
    np.testing.assert_allclose(jacobian(draw, everyone)(*params), slopes, rtol=2e-12)
    np.testing.assert_allclose(jacobian(jacobian(draw))(*params), second, rtol=1e-9)
    np.testing.assert_allclose(
        fc.jvp(jacobian(draw), params, (1.0,) + (0.0,) * (len(params) - 1))[1], second, rtol=1e-9
    )


@pytest.mark.parametrize("name", MOVED)
def test_a_batch_of_all_rows_takes_each_by_its_own_formula(name):
    rows = [row for row in ROWS if row[0] == name]
    z = np.array([row[1] for row in rows])
    params = [np.array(column) for column in zip(*[row[2] for row in rows], strict=True)]

    def slopes(z, *p):
        return fc.grad(lambda *q: MOVED[name](*q, z, *p), tuple(range(len(p))))(*p)

    together = np.array(fc.vmap(slopes)(z, *params))
    np.testing.assert_allclose(together.T, [row[3] for row in rows], rtol=2e-12)


@pytest.mark.parametrize(("name", "params"), [("gamma", (0.3,)), ("beta", (0.3, 2.0)), ("gamma", (0.0,))])
def test_a_draw_that_has_underflown_to_zero_stays_there(name, params):
    slopes = fc.grad(lambda *p: MOVED[name](*p, 0.0, *params), tuple(range(len(params))))(*params)
    np.testing.assert_array_equal(slopes, 0.0)
