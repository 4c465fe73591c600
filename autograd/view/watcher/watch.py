"""`watch`: training, seen while it goes on, and scrubbed through when it is over.

This module owns the public function and its documentation, and must not know how watching works.
Read next: `watching.py`, which does it.
"""

from __future__ import annotations

from typing import Any

from .watching import Watch

__all__ = ["watch"]


def watch(
    model: Any, X: Any = None, y: Any = None, *, title: str = "", threshold: float | None = None, show: bool = True
) -> Watch:
    """Watch a training: curves, the decision boundary, weights and gradients in the drawn network.

    In a notebook a picture is replaced in place, and at the end by a page that can be scrubbed; in a terminal there
    is a line with sparklines; a file gets few plain lines. The picture changes at most 10 times a second, and
    watching takes at most 5 % of the time of training: what costs more is done more rarely, and the boundary coarser.
    Beside that come the first picture and the last state, and, where a step takes microseconds, half a microsecond for
    each of those that are not looked at.

    As a callback: `fit(model, X, y, callbacks=[watch(model, X, y)])`. In a loop of one's own, each number that is
    named becomes a curve:

        with watch(model, X, y) as training:
            for step in range(100):
                ...
                training.update(loss=loss, accuracy=accuracy)

    Args:
        model: What is trained: it maps a sample to its outputs. Its network is drawn if it has layers of neurons.
        X: The samples, to draw the decision boundary if each is two numbers.
        y: Their classes, numbers or texts; of several scores the k-th stands for the k-th of them in sorted order.
            With more than 5 the boundary is left out.
        title: The heading; by default the kind and the size of the model.
        threshold: Where one score changes the class; None: 0.5 if the last layer tells that it is a sigmoid, else 0.
        show: Whether to show anything while training goes on; what was seen can be saved in any case.

    Returns:
        The callback and context manager; in a notebook it shows itself as the page.

    Raises:
        ShapeError: If X is empty or its rows differ in length, or there is not one class in y for each.
        TypeError: If X or y is no list or array, or a class in y is neither a number nor a text.
        ValueError: If only one of X and y is given, or a number is not finite.

    Example:
        >>> from autograd import Value
        >>> w = Value(0.0)
        >>> with watch(lambda x: w * x, title="One weight", show=False) as training:
        ...     for step in range(5):
        ...         loss = (w * 2.0 - 6.0) ** 2
        ...         w.grad = 0.0
        ...         loss.backward()
        ...         w.data -= 0.0625 * w.grad
        ...         training.update(loss=loss)
        >>> training
        <Watch of One weight: step 5: loss 0.1406>
    """
    return Watch(model, X, y, title=title, threshold=threshold, show=show)
