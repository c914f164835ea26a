"""What holds for all tests of `sim`."""

from collections.abc import Iterator

import pytest
import torch
from hypothesis import settings

# The same examples every time, and no wall clock: a busy machine is no failure.
settings.register_profile("sim", deadline=None, derandomize=True, max_examples=30)
settings.load_profile("sim")


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Compute on one thread: the networks of the tests are too small to share out."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
