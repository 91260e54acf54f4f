"""How good, how stable and how fast plans are, beside simpler policies and the certified optimum."""
