"""What is said after an answer: "and with 100 layers?", "why?", "not what I asked"."""

from answers.followups.decide import follow
from answers.followups.turn import Anew, Others, Part, Rerun, Say, Show, Step, Switch, Turn

__all__ = ["Anew", "Others", "Part", "Rerun", "Say", "Show", "Step", "Switch", "Turn", "follow"]
