"""The engine at work: real sockets, real storage, no Home Assistant."""
