# Home Assistant answers `import voluptuous` with probatio, its successor with the same interface.
from probatio import *  # noqa: F403 - the whole interface under its old name
