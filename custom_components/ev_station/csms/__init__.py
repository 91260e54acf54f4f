"""The OCPP central system: transport, message framing, security and one dialect per OCPP version."""
