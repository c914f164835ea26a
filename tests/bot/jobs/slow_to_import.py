"""A library that takes a moment, and says when the moment begins."""

import os
import time
from pathlib import Path

Path(os.environ["IMPORT_BEGINS"]).touch()
time.sleep(float(os.environ.get("IMPORT_SECONDS", "1")))
