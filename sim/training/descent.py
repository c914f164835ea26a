"""The training loop: full-batch steps of the spec's rule, observed from outside."""

from collections.abc import Callable, Container

from sim.data import Batch
from sim.networks import Network, Parameters
from sim.networks.feedforward import Feedforward
from sim.passes import Reading, build_pass
from sim.spec import Spec
from sim.training.clipping import clip
from sim.training.pretraining import pretrain
from sim.training.rates import layer_rates
from sim.training.rules import rule_of

Observe = Callable[[int, Reading], bool]
"""Called before each step with its number and what the pass read; True stops the training."""


def train(  # noqa: PLR0913  the parts of a run, and who watches it
    spec: Spec,
    network: Network,
    parameters: Parameters,
    batch: Batch,
    observe: Observe,
    *,
    layers_at: Container[int] = (),
) -> None:
    """Take `spec.steps` full-batch steps, changing the parameters.

    `observe` is called once more after the last step, with its number `spec.steps`. Its readings hold
    signal and weight gradient at the steps in `layers_at`.
    """
    if isinstance(network, Feedforward) and spec.pretrain == "greedy":
        pretrain(spec, network.phi, parameters, batch)
    run = build_pass(spec, network, parameters, batch)
    rule = rule_of(spec, parameters.flat)
    rates = layer_rates(spec, parameters)
    for step in range(spec.steps + 1):
        reading = run.run(layers=step in layers_at, parameters=step < spec.steps)
        if observe(step, reading) or step == spec.steps:
            return
        clip(spec, parameters, run.gradient)
        update = rule(run.gradient)
        if rates is not None:
            update = update * rates
        parameters.flat.sub_(update, alpha=spec.lr)
