"""What mean-field theory predicts for a network at initialisation."""

from sim.theory.meanfield import Prediction, predict

__all__ = ["Prediction", "predict"]
