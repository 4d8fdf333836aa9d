"""What the examples share: the command line, progress, pictures, the closing table, and their data.

Every example is a program of its own: `python examples/NAME.py` is the full run and
`python examples/NAME.py --quick` the short one. Pictures go to examples/out, or where --out says.
"""

import argparse
import inspect
import pydoc
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")  # before pyplot is imported: the examples write files, and need no screen

import matplotlib.pyplot as plt
import numpy as np
from tqdm import tqdm

HERE = Path(__file__).parent
#: modules with much prose in their docstrings
BOOKS = "argparse difflib logging pathlib random shutil statistics subprocess textwrap threading zipfile"


class Progress:
    """A callback for optimizers.py that moves a bar of progress, shows the loss, and keeps all of them."""

    def __init__(self, steps: int, name: str):
        self.bar = tqdm(total=steps, desc=name, mininterval=0.5, dynamic_ncols=True)
        self.losses: list[float] = []

    def __call__(self, turn: int, loss: Any, params: Any = None) -> None:
        self.losses.append(float(loss))
        self.bar.set_postfix(loss=f"{self.losses[-1]:.4f}", refresh=False)
        self.bar.update()
        if self.bar.n == self.bar.total:
            self.bar.close()


class Run:
    """One run of an example: its options, its progress, and the figures of its closing table.

    Args:
        doc: the docstring of the example, whose first line is the title.
        resume: whether there is an option --resume.
    """

    def __init__(self, doc: str | None, resume: bool = False):
        self.title = (doc or "").splitlines()[0]
        parser = argparse.ArgumentParser(description=self.title)
        parser.add_argument("--quick", action="store_true", help="a short run that checks itself")
        parser.add_argument("--out", type=Path, default=HERE / "out", help="the folder of the pictures")
        if resume:
            parser.add_argument("--resume", action="store_true", help="go on from the state saved before")
        options = parser.parse_args()
        self.quick: bool = options.quick
        self.out: Path = options.out
        self.resume: bool = resume and options.resume
        self.out.mkdir(parents=True, exist_ok=True)
        self.start = time.perf_counter()

    def steps(self, quick: int, full: int) -> int:
        """Return the number for this run."""
        return quick if self.quick else full

    def progress(self, steps: int, name: str = "training") -> "Progress":
        """Return a callback for optimizers.py."""
        return Progress(steps, name)

    def save(self, figure: Any, name: str) -> Path:
        """Write a figure of matplotlib to the folder of the pictures, and close it."""
        path = self.out / name
        figure.savefig(path, dpi=110)
        plt.close(figure)
        return path

    def finish(self, checked: str, **figures: Any) -> None:
        """Print the closing table, and last what the run has checked."""
        print(f"\n{self.title}")
        rows = {k.replace("_", " "): v for k, v in figures.items()}
        rows["time"] = f"{time.perf_counter() - self.start:.1f} s" + (" (quick run)" if self.quick else "")
        width = max(len(k) for k in rows)
        for k, v in rows.items():
            print(f"  {k.ljust(width)}  {f'{v:.4g}' if isinstance(v, float) else v}")
        print(f"checked: {checked}")


def sigmoid(x: Any) -> Any:
    """Return the logistic function, a number between 0 and 1."""
    return 0.5 * (1 + np.tanh(0.5 * x))


def softplus(x: Any) -> Any:
    """Return log(1 + exp(x)), a positive number."""
    return np.logaddexp(0.0, x)


def softmax(x: Any) -> Any:
    """Return positive weights that add up to 1 along the last axis."""
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def cross_entropy(logits: Any, rows: Any) -> Any:
    """Return the mean of -log of the probability given to the labels, as rows with a single one."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(shifted), axis=-1))
    return np.mean(log_sum - np.sum(shifted * rows, axis=-1))


def bits(logits: Any, rows: Any) -> Any:
    """Return the cross-entropy in bits."""
    return cross_entropy(logits, rows) / np.log(2.0)


def one_hot(labels: Any, classes: int) -> Any:
    """Return rows of zeros with a one at the place of each label, along a new last axis."""
    return np.eye(classes)[labels]


def digits() -> tuple[Any, Any, Any, Any]:
    """Return scikit-learn's digits, training and test: 1,437 and 360 images (8, 8) in [0, 1], and labels."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    data = load_digits()
    x, x_test, y, y_test = train_test_split(
        data.images / 16, data.target, test_size=360, random_state=0, stratify=data.target
    )
    return x, y, x_test, y_test


def diabetes(seed: int) -> tuple[Any, Any, Any, Any]:
    """Return scikit-learn's diabetes data, 342 patients and 100 to test, in units of their spread."""
    from sklearn.datasets import load_diabetes
    from sklearn.model_selection import train_test_split

    x, x_test, y, y_test = train_test_split(*load_diabetes(return_X_y=True), test_size=100, random_state=seed)
    (mx, sx), (my, sy) = ((np.mean(v, axis=0), np.std(v, axis=0)) for v in (x, y))
    return (x - mx) / sx, (y - my) / sy, (x_test - mx) / sx, (y_test - my) / sy


def ridge(x: Any, y: Any, x_test: Any) -> tuple[Any, Any]:
    """Return the forecast of ridge regression, its price cross-validated, and the log of its noise."""
    from sklearn.linear_model import RidgeCV

    model = RidgeCV(np.logspace(-2, 4, 61)).fit(x, y)
    s = np.linalg.svd(x, compute_uv=False) ** 2
    freedom = len(y) - 1 - np.sum(s / (s + model.alpha_))  # what the fit leaves free
    return model.predict(x_test), 0.5 * np.log(np.sum((y - model.predict(x)) ** 2) / freedom)


def docstrings() -> str:
    """Return the docstrings of some modules of the standard library, as one text of plain ASCII."""
    texts = []
    for module in map(pydoc.locate, BOOKS.split()):
        own = [v for v in vars(module).values() if getattr(v, "__module__", None) == module.__name__]
        classes = [v for v in own if inspect.isclass(v)]
        methods = [m for c in classes for m in vars(c).values() if inspect.isfunction(m)]
        functions = [v for v in own if inspect.isfunction(v)]
        for thing in (module, *functions, *classes, *methods):
            doc = thing.__doc__
            texts.append(inspect.cleandoc(doc) if isinstance(doc, str) else "")
    kept = (t for t in dict.fromkeys(texts) if len(t) > 40)
    return "\n\n".join(kept).encode("ascii", "ignore").decode()


class Text:
    """The docstrings as numbers of letters: most to train on, the last tenth of every 2,000 held back."""

    def __init__(self) -> None:
        whole = docstrings()
        self.alphabet = "".join(sorted(set(whole)))
        self.letters = len(self.alphabet)
        blocks = [whole[k : k + 2000] for k in range(0, len(whole), 2000)]
        self.train = self.codes("".join(b[:1800] for b in blocks))
        self.test = self.codes("".join(b[1800:] for b in blocks))

    def codes(self, text: str) -> Any:
        """Return the numbers of the letters of a text."""
        return np.array([self.alphabet.index(letter) for letter in text])

    def decoded(self, codes: Any) -> str:
        """Return the text of numbers of letters."""
        return "".join(self.alphabet[k] for k in codes)

    def pieces(self, codes: Any, n: int, length: int, rng: np.random.Generator) -> Any:
        """Return pieces (length, n) from random places."""
        starts = rng.integers(0, len(codes) - length, n)
        return codes[starts + np.arange(length)[:, None]]

    def bigram_bits(self) -> float:
        """Return bits per letter, on what was held back, of how often a letter follows another."""
        counts = np.full((self.letters, self.letters), 0.1)
        np.add.at(counts, (self.train[:-1], self.train[1:]), 1)
        probabilities = counts / counts.sum(axis=1, keepdims=True)
        return float(-np.mean(np.log2(probabilities[self.test[:-1], self.test[1:]])))


def write(text: Text, step: Callable[[Any, Any], tuple[Any, Any]], state: Any, length: int) -> str:
    """Return text that a network makes up, whose step gives the next state, and logits (1, letters)."""
    rng, letter, said = np.random.default_rng(3), text.codes("\n")[0], []
    for _ in range(length):
        state, logits = step(state, one_hot(np.array([letter]), text.letters))
        bold = logits[0] / 0.7  # a little bolder than it is
        letter = rng.choice(text.letters, p=np.exp(bold - np.logaddexp.reduce(bold)))
        said.append(letter)
    return text.decoded(said)


def draw_text(losses: list[float], bigram: float, reached: float, said: str) -> Any:
    """Return a picture of bits per character, and of what a network writes."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 5), layout="constrained")
    left.plot(losses, lw=0.5, label="network, each batch")
    left.axhline(bigram, color="black", ls="--", label=f"bigram model, {bigram:.2f}")
    left.axhline(reached, color="tab:red", label=f"network, text held back, {reached:.2f}")
    left.set(xlabel="step", ylabel="bits per character", ylim=(min(*losses, bigram) - 0.2, 6))
    left.legend()
    lines = "\n".join(textwrap.fill(line, 72) for line in said.splitlines())
    place = {"va": "top", "transform": right.transAxes}
    right.text(0, 1, lines, family="monospace", fontsize=7, parse_math=False, **place)
    right.set_title("what the network writes", loc="left")
    right.axis("off")
    return figure


def batches(count: int, size: int, rng: np.random.Generator) -> Iterator[Any]:
    """Yield the indices of batches without end, in a new order for each pass over the data."""
    while True:
        order = rng.permutation(count)
        for k in range(0, count - size + 1, size):
            yield order[k : k + size]
