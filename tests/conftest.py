"""What every test needs before anything else is imported."""

# Before the harness puts its own folder of the same name on the path.
import custom_components  # noqa: F401
