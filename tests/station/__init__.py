"""The reducer as chargers and people meet it."""
