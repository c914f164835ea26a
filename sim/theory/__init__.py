"""What mean-field theory predicts for a network at initialisation."""

from sim.theory.gates import direct_path
from sim.theory.predicting import predict
from sim.theory.prediction import Prediction

__all__ = ["Prediction", "direct_path", "predict"]
