"""A home battery, as far as its meter shows it."""

from dataclasses import dataclass


@dataclass(kw_only=True)
class HouseBattery:
    """A home battery whose inverter keeps the grid at nothing, as far as it can and may."""

    capacity_wh: float = 10_000.0
    level: float = 0.5
    """From 0 to 1."""
    gives_w: float = 3000.0
    takes_w: float = 3000.0
    held: bool = False
    given_wh: float = 0.0

    def run(self, net_w: float, seconds: float) -> float:
        """Let time pass while the house wants this much; return what the battery takes, W."""
        hours = seconds / 3600
        stored = self.level * self.capacity_wh / hours
        if net_w > 0:
            power = 0.0 if self.held else -min(net_w, self.gives_w, stored)
        else:
            power = min(-net_w, self.takes_w, self.capacity_wh / hours - stored)
        self.level += power * hours / self.capacity_wh
        self.given_wh += max(-power, 0.0) * hours
        return power
