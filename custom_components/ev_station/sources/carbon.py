"""How clean the grid's power will be."""

from typing import Final

from .reader import Reader, SourceKind
from .rows import AnyRows

_VALUES: Final = (
    "intensity", "carbon_intensity", "carbonIntensity", "co2_intensity", "co2", "intensity_forecast",
    "forecast", "value",
)  # fmt: skip
"""g of CO2 per kWh, as lists of it name it."""

CO2_READERS: Final[tuple[Reader, ...]] = (AnyRows(kind=SourceKind.LIST, values=_VALUES),)
