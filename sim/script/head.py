"""The output layer and the loss."""

from sim.data.fitting import classes
from sim.script.text import cast
from sim.spec import Spec


def outputs(spec: Spec) -> int:
    """Return how many outputs the loss needs: a logit, or one score per class for ce."""
    return classes(spec) if spec.loss == "ce" else 1


def output(spec: Spec, features: str) -> str:
    """Write the last line of a forward pass; a single logit needs no axis."""
    return f"return self.head({features}){'' if spec.loss == 'ce' else '.squeeze(1)'}"


def criterion(spec: Spec) -> str:
    """Write the loss of every example, before any mean."""
    name = {"bce": "BCEWithLogitsLoss", "mse": "MSELoss", "ce": "CrossEntropyLoss"}[spec.loss]
    return f'criterion = nn.{name}(reduction="none")'


def losses(spec: Spec) -> str:
    """Write the losses of all examples."""
    if spec.loss == "ce":
        return "criterion(net(x), y)"
    probability = ".sigmoid()" if spec.loss == "mse" else ""
    return f"criterion(net(x){probability}, y{cast(spec) or '.float()'})"
