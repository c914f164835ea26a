"""The loss as a surface over the parameters: its curvature, where training ends, and what lies between."""
