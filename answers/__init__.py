"""Match, plan, check, render: executable answers."""
