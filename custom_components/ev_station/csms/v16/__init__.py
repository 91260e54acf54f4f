"""The OCPP 1.6 dialect: its words to and from the model, and how a 1.6 charger is prepared."""
