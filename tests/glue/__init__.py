"""The configuration: flows, what is applied, what is told; all against the real engine."""
