"""The whole product: a real Home Assistant, real sockets, a real browser."""
