"""Mistakes as images: those that are wrong, with what they are and what was said."""

import numpy as np
import pytest

from autograd.errors import ShapeError
from nn.plots import mistakes, new_figure

IMAGES = np.arange(40.0).reshape(10, 4)


@pytest.fixture
def ax():
    return new_figure(6, 4).subplots()


def test_only_what_is_wrong_is_drawn_with_both_classes(ax):
    said = [0, 0, 0, 1, 1, 1, 0, 0, 0, 0]
    mistakes(IMAGES, [0] * 10, said, class_names=["no", "yes"], ax=ax)
    picture = ax.images[0].get_array()
    tiles = [picture[:2, left : left + 2].tolist() for left in range(0, picture.shape[1], 3)]
    assert tiles == IMAGES[3:6].reshape(3, 2, 2).tolist()
    assert [text.get_text() for text in ax.texts] == ["no → yes"] * 3
    assert ax.get_title() == "3 of 10 are wrong"


def test_the_title_says_how_many_are_left_out(ax):
    mistakes(IMAGES, [0] * 10, [1] * 10, limit=4, ax=ax)
    assert (ax.get_title(), len(ax.texts)) == ("10 of 10 are wrong, the first 4 of them", 4)


def test_without_mistakes_there_is_a_title_alone(ax):
    mistakes(IMAGES, [0] * 10, [0] * 10, ax=ax)
    assert (ax.get_title(), len(ax.images), len(ax.texts)) == ("0 of 10 are wrong", 0, 0)


def test_what_does_not_fit_is_refused(ax):
    with pytest.raises(ShapeError, match="10 images, 9 classes and 10 predictions"):
        mistakes(IMAGES, [0] * 9, [0] * 10, ax=ax)
    with pytest.raises(ShapeError, match="3 pixels, which are not 1 rows of 1"):
        mistakes([[1, 2, 3]], [0], [1], ax=ax)
    with pytest.raises(ShapeError, match="4 pixels, which are not 3 rows of 2"):
        mistakes(IMAGES, [0] * 10, [1] * 10, shape=(3, 2), ax=ax)
    with pytest.raises(ValueError, match="limit = 0"):
        mistakes(IMAGES, [0] * 10, [1] * 10, limit=0, ax=ax)
