"""Imported first, lets a child process load our rooms without Home Assistant, which takes seconds."""

from pathlib import Path
import sys
from types import ModuleType
from typing import Final

NAME: Final = "custom_components.ev_station"

package = ModuleType(NAME)
package.__path__ = [str(Path(__file__).parents[2] / "custom_components" / "ev_station")]
sys.modules[NAME] = package
