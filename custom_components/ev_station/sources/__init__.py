"""Pure parsers: from the shapes in which others say prices and forecasts to series of half-open UTC intervals."""
