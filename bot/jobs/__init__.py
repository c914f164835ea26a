"""Run one simulation per process: limited, supervised, and gone when its time is up."""
