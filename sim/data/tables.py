"""The real data sets, read from the files that scikit-learn ships, without importing scikit-learn.

Importing it would cost a second and 90 MB. The digits are the test set of E. Alpaydin and C. Kaynak,
Optical Recognition of Handwritten Digits, UCI 1998; the cancers W. Wolberg, O. Mangasarian, N. Street
and W. Street, Breast Cancer Wisconsin (Diagnostic), UCI 1995.
"""

from importlib import metadata
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.errors import SpecError

# name → (file, lines before the first example)
_FILES = {"digits": ("digits.csv.gz", 0), "cancer": ("breast_cancer.csv", 1)}


def table(name: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Read a data set: standardised features of shape (example, feature), and the class of each example.

    Every feature has mean 0. The root mean square is 1 for each feature of `cancer`, which come in
    different units, and over all pixels of `digits`, which share one: on its own scale, a pixel of the
    corner that is on in one digit would reach 42.

    Raises:
        SpecError: the file is not where scikit-learn keeps it.
    """
    file, header = _FILES[name]
    path = _folder(name) / file
    if not path.is_file():
        msg = f"data={name} is read from scikit-learn's file {file}, which is missing here; "
        raise SpecError(msg + "reinstall scikit-learn, or use data=blobs.")
    numbers = np.loadtxt(path, delimiter=",", skiprows=header)
    centred = numbers[:, :-1] - numbers[:, :-1].mean(axis=0)
    scale = np.sqrt(np.mean(np.square(centred), axis=0 if name == "cancer" else None))
    return centred / scale, numbers[:, -1].astype(np.int64)


def _folder(name: str) -> Path:
    try:
        found = metadata.distribution("scikit-learn").locate_file("sklearn/datasets/data")
    except metadata.PackageNotFoundError as error:
        msg = f"data={name} is read from a file of scikit-learn, which is not installed here; "
        raise SpecError(msg + "install it, or use data=blobs.") from error
    return Path(str(found))
