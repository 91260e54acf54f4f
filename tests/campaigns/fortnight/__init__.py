"""A fortnight of plans that meet the world: forecasts err, cars come late and leave early, and Home Assistant stops for an hour."""
