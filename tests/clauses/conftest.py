"""A project that adopted the regulation of the test."""

from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.clauses.product import Product


@pytest.fixture
def adopted(cast: Cast) -> Callable[..., Product]:
    """`adopted("complaint-procedure")`: 翠湖花园 follows this regulation and no other."""

    def of(*regulations: str) -> Product:
        product = Product(cast)
        product.adopts(*regulations)
        return product

    return of
