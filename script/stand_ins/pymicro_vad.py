"""Lets Home Assistant's voice integrations import on machines without a C compiler; no voice is heard."""


class MicroVad:
    """Voice activity detection, absent."""
