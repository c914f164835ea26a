"""The parts of `python -m benchmarks matching`.

labelled reads questions, truth says which answers they may get, asking puts them to a matcher, tally counts;
shares and calibration are the arithmetic, goals what is hoped for; rankers are the peers and contest their
table; removal, speed, poison and alone are the other trials; quality, mistakes and costs write the tables.
"""
