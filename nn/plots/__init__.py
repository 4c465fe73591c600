"""The plots, drawn with matplotlib: each function draws on the Axes that it is given, or on new ones, and returns them.

This package owns pictures of data, training and networks; it must not know how a network is trained. Colours are
those that colour-blind readers tell apart, and nothing differs by colour alone.
Read next: `style.py`, then `curves.py`, the shortest of the plots.
"""

from .activations import activation, weight_bias_effect
from .boundary import decision_boundary
from .curves import learning_curve
from .layers import activation_distributions, dead_relu_share, gradient_distributions
from .mistakes import mistakes
from .network import network_diagram
from .outcomes import confusion_matrix, residuals, roc_curve
from .style import new_figure
from .surface import loss_surface
from .weights import weight_images

__all__ = [
    "activation", "activation_distributions", "confusion_matrix", "dead_relu_share", "decision_boundary",
    "gradient_distributions", "learning_curve", "loss_surface", "mistakes", "network_diagram", "new_figure",
    "residuals", "roc_curve", "weight_bias_effect", "weight_images",
]  # fmt: skip
