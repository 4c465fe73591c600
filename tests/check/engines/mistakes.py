"""All mistakes that are planted in the engines, by style."""

from .mistakes_local import LOCAL
from .mistakes_structure import STRUCTURE

PLANTED = STRUCTURE + LOCAL
