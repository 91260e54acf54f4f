# Home Assistant answers `import voluptuous` with probatio, its successor with the same interface.
from probatio import *
