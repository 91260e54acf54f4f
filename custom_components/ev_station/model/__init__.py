"""The vocabulary of every room: ids, units, settings, events, commands, effects and states."""
