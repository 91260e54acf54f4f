"""Who may charge: tokens and policy to a decision with its reason."""
