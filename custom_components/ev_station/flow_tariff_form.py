"""What all steps of a tariff have in common."""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import CONF_NAME
import voluptuous as vol

from . import const as c
from .const import TariffKind
from .flow_subentry import SubentryFlow

type Answers = Mapping[str, Any]


class TariffForm(SubentryFlow):
    """Asks for a tariff's name and numbers, and stores it."""

    kind = c.SUBENTRY_TARIFF

    @property
    def _currency(self) -> str:
        return str(self._get_entry().data[c.CONF_CURRENCY])

    def _number(self, key: str, default: str | None = None) -> vol.Required:
        """Return a required number that shows what is stored as text."""
        stored = self._present.get(key, default)
        return vol.Required(key, default=vol.UNDEFINED if stored is None else float(stored))

    def _name_errors(self, user_input: Answers | None) -> dict[str, str]:
        if user_input is None:
            return {}
        if problem := self._name_problem(user_input[CONF_NAME]):
            return {CONF_NAME: problem}
        return {}

    def _price_errors(
        self, user_input: Answers | None, problem_of: Callable[[float, str], str | None]
    ) -> dict[str, str]:
        if user_input is None:
            return {}
        problem = problem_of(user_input[c.CONF_PRICE], self._currency)
        return {c.CONF_PRICE: problem} if problem else {}

    def _form(
        self,
        step: str,
        fields: dict[Any, Any],
        user_input: dict[str, Any] | None,
        errors: dict[str, str],
        words: dict[str, str] | None = None,
    ) -> SubentryFlowResult:
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(vol.Schema(fields), user_input),
            errors=errors,
            description_placeholders={"currency": self._currency, "unit": "", "reason": ""}
            | (words or {}),
        )

    def _finish(self, name: str, kind: TariffKind, data: dict[str, Any]) -> SubentryFlowResult:
        return self._store(name.strip(), {c.CONF_KIND: kind.value, **data})
