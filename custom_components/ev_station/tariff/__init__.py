"""What energy costs when: OCPI-shaped tariffs, price series, rating."""
