"""How well a site shares its amperes and follows its sun, beside simpler policies."""
