"""What foreign prices and forecasts are read as."""
