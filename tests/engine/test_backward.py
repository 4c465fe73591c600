"""`backward`: what accumulates, what is replaced, and what stays as it was."""

import math

import pytest

from autograd import Op, Value, sum as total


def test_leaves_accumulate_over_calls_and_over_graphs():
    x = Value(3.0)
    (x * x).backward()
    assert x.grad == 6.0
    (x * 5.0).backward()
    assert x.grad == 11.0
    x.grad = 0.0
    (x * 5.0).backward()
    assert x.grad == 5.0


def test_an_integer_zero_is_a_gradient_too():
    x = Value(3.0)
    x.grad = 0  # as micrograd's zero_grad writes it
    (x * x).backward()
    assert x.grad == 6.0


def test_a_gradient_set_by_hand_is_added_to():
    x = Value(3.0)
    x.grad = 100.0
    (x * x).backward()
    assert x.grad == 106.0


def test_nodes_between_hold_the_gradients_of_the_latest_call():
    x = Value(3.0)
    h = x * x
    y = h * 2.0
    for calls in (1, 2, 3):
        y.backward()
        assert (y.grad, h.grad, x.grad) == (1.0, 2.0, 12.0 * calls)
    z = h * 7.0
    z.backward()
    assert (z.grad, h.grad, y.grad, x.grad) == (1.0, 7.0, 1.0, 36.0 + 42.0)


def test_backward_from_a_node_between():
    x = Value(3.0)
    h = x * x
    y = h * 2.0
    h.backward()
    assert (x.grad, h.grad, y.grad) == (6.0, 1.0, 0.0)


@pytest.mark.parametrize("seed", [2.0, -1, 0.0, True])
def test_the_seed_scales_the_gradients(seed):
    x = Value(3.0)
    y = x * x
    y.backward(seed)
    assert (y.grad, x.grad) == (seed, 6.0 * seed)
    x.grad = 0.0
    y.backward(seed=seed)
    assert x.grad == 6.0 * seed


@pytest.mark.parametrize("seed", ["1", None, 1j, [1.0]], ids=repr)
def test_a_seed_that_is_no_number_is_refused_and_changes_nothing(seed):
    x = Value(3.0)
    x.grad = 5.0
    with pytest.raises(TypeError, match=type(seed).__name__):
        (x * x).backward(seed)
    assert x.grad == 5.0


def test_backward_on_a_leaf_adds_the_seed():
    x = Value(3.0)
    x.backward()
    x.backward()
    assert x.grad == 2.0


def test_a_gradient_reaches_each_value_before_it_is_handed_on():
    # y = ab + a, b = a²: b must wait for a's other users, a for all of them; dy/da = 3a² + 1
    a = Value(2.0)
    b = a * a
    y = a * b + a
    y.backward()
    assert a.grad == 13.0
    # the same with the longer path on the other side
    a = Value(2.0)
    y = a + (((a * a) * a) + a * 0.0)
    y.backward()
    assert a.grad == 13.0


def test_two_to_the_sixty_paths():
    x = Value(1.0)
    y = x
    for _ in range(60):
        y = y + y
    y.backward()
    assert y.data == x.grad == 2.0**60
    y.backward()
    assert x.grad == 2.0**61


def test_two_to_the_sixty_paths_through_nodes_of_many_operands():
    x = Value(1.0)
    y = x
    for _ in range(60):
        y = total([y, 0.0, y])
    y.backward()
    assert y.data == x.grad == 2.0**60


# --- the gradient is that of the value which was computed ----------------------------------------------------


@pytest.mark.parametrize(("f", "slope"), [
    (lambda x: x * x, 6.0),
    (lambda x: x**3, 27.0),
    (lambda x: 1 / x, -1 / 9),
    (lambda x: x.exp(), math.exp(3.0)),
    (lambda x: x.relu(), 1.0),
    (lambda x: total([x, x * x, 1.0]), 7.0),
    (lambda x: x.log(), 1 / 3),
])  # fmt: skip
def test_data_that_changes_before_backward_does_not_change_the_gradient(f, slope):
    x = Value(3.0)
    y = f(x)
    x.data = -100.0
    y.backward()
    assert x.grad == pytest.approx(slope, rel=1e-15)


def test_the_data_of_a_node_between_may_change_too():
    x = Value(3.0)
    h = x * x
    y = h * h
    h.data = 0.0
    y.backward()
    assert x.grad == 108.0  # 4 x³


# --- when it is interrupted ----------------------------------------------------------------------------------


class Bomb:
    """A partial whose product with a gradient is a keyboard interrupt."""

    def __mul__(self, gradient):
        raise KeyboardInterrupt

    __rmul__ = __mul__


bomb = Op("bomb", "bomb", 1, lambda x: x, lambda y, x: (Bomb(),))


def test_an_interrupted_backward_leaves_the_gradients_of_the_leaves_as_they_were():
    x, w = Value(3.0), Value(2.0)
    good = x * w
    good.backward()
    y = bomb(x * w) + w * w + good  # the bomb goes off last, when w has its share already
    with pytest.raises(KeyboardInterrupt):
        y.backward()
    assert (x.grad, w.grad) == (2.0, 3.0)
    good.backward()
    assert (x.grad, w.grad) == (4.0, 6.0)


def test_a_backward_through_a_value_drawn_by_hand_leaves_them_too():
    x, w = Value(3.0), Value(2.0)
    x.grad, w.grad = 10.0, 20.0
    y = w * w + Value(9.0, (x,), "f") * w
    with pytest.raises(Exception, match="Op"):
        y.backward()
    assert (x.grad, w.grad) == (10.0, 20.0)


def test_an_interrupt_while_the_leaves_are_updated_leaves_them_too():
    class Slow(Value):
        """A leaf during whose last update the user interrupts, once."""

        __slots__ = ("gradient", "writes")

        @property
        def grad(self):
            return self.gradient

        @grad.setter
        def grad(self, g):
            self.writes += 1
            if self.writes == 3:  # zeroed, given its gradient, and now added to what it had
                raise KeyboardInterrupt
            self.gradient = g

    Slow.writes.__set__(slow := Slow.__new__(Slow), -1)
    slow.__init__(3.0)
    first, last = Value(5.0), Value(7.0)
    first.grad = slow.grad = last.grad = 10.0
    slow.writes = 0
    with pytest.raises(KeyboardInterrupt):
        total([first, slow, last]).backward()
    assert (first.grad, slow.grad, last.grad) == (10.0, 10.0, 10.0)
