"""The engine as a contestant: thin adapters to `sim`."""

import numpy as np

from benchmarks.traces import Profiles, Traces
from sim.passes import Reading, build_pass
from sim.replicas import Replicas, draw
from sim.spec import Spec
from sim.training import train


def train_with_norms(spec: Spec) -> Traces:
    """Draw and train the networks of a spec, measuring every layer before each of its steps."""
    signal = np.empty((spec.seeds, spec.steps, spec.depth))
    weight, loss = np.empty_like(signal), np.empty((spec.seeds, spec.steps))
    for chunk in draw(spec):

        def observe(step: int, reading: Reading, chunk: Replicas = chunk) -> bool:
            if reading.signal is None or reading.weight is None:
                return True
            signal[chunk.numbers, step] = reading.signal.numpy()
            weight[chunk.numbers, step] = reading.weight.numpy()
            loss[chunk.numbers, step] = reading.loss.double().numpy()
            return False

        train(
            spec,
            chunk.network,
            chunk.parameters,
            chunk.batch,
            observe,
            layers_at=range(spec.steps),
        )
    return {"signal": signal, "weight": weight, "loss": loss}


def initialise(spec: Spec) -> Profiles:
    """Draw the networks of a spec and measure every layer once."""
    signal, weight = np.empty((spec.seeds, spec.depth)), np.empty((spec.seeds, spec.depth))
    for chunk in draw(spec):
        run = build_pass(spec, chunk.network, chunk.parameters, chunk.batch)
        reading = run.run(layers=True, parameters=False)
        if reading.signal is not None and reading.weight is not None:
            signal[chunk.numbers] = reading.signal.numpy()
            weight[chunk.numbers] = reading.weight.numpy()
    return signal, weight
