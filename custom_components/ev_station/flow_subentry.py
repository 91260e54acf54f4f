"""What the flows of subentries have in common; one that is a single form says only what it asks and what may be wrong."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import TextSelector
import voluptuous as vol

from .flow_bounds import bounds_errors, unbounded
from .flow_selectors import flat, name_problem

type Problem = tuple[str, str, Mapping[str, str]]
"""A field, what is wrong with it, and the words to say so."""


class SubentryFlow(ConfigSubentryFlow):
    """Adds a subentry, or changes one."""

    kind: ClassVar[str]

    @property
    def _subentry(self) -> ConfigSubentry | None:
        """Return what is changed; None: one is added."""
        return self._get_reconfigure_subentry() if self.source == SOURCE_RECONFIGURE else None

    @property
    def _present(self) -> Mapping[str, Any]:
        return self._subentry.data if self._subentry else {}

    def _name_field(self) -> dict[Any, Any]:
        title = self._subentry.title if self._subentry else vol.UNDEFINED
        return {vol.Required(CONF_NAME, default=title): TextSelector()}

    def _name_problem(self, name: str) -> str | None:
        return name_problem(self._get_entry(), self.kind, name, self._subentry)

    def _store(
        self, title: str, data: Mapping[str, Any], unique_id: str | None = None
    ) -> SubentryFlowResult:
        """End the flow; the id is a new one's."""
        if self._subentry:
            return self.async_update_and_abort(
                self._get_entry(), self._subentry, title=title, data=data
            )
        return self.async_create_entry(title=title, data=data, unique_id=unique_id)


class FormFlow(SubentryFlow, ABC):
    """Asks everything in one form; the name is the title, the rest is stored as answered."""

    sections: ClassVar[tuple[str, ...]] = ()
    lists: ClassVar[tuple[str, ...]] = ()
    """Fields of which an empty list is stored where nothing was chosen; of others nothing is."""
    words: ClassVar[tuple[str, ...]] = ()
    """What the texts of problems name."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a new one."""
        return self._step("user", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what is to be different."""
        return self._step("reconfigure", user_input)

    def _step(self, step: str, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        fields = self._name_field() | self._fields()
        errors, words = bounds_errors(fields, user_input)
        if user_input is not None and not errors:
            answers = {each: [] for each in self.lists} | flat(user_input, *self.sections)
            name = answers.pop(CONF_NAME)
            problem = self._problem(name, answers)
            if problem is None:
                return self._store(name.strip(), answers)
            field, key, named = problem
            errors, words = {field: key}, {**words, **named}
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(
                unbounded(fields, user_input), user_input
            ),
            errors=errors,
            description_placeholders={**dict.fromkeys(self.words, ""), **words},
        )

    def _problem(self, name: str, answers: Mapping[str, Any]) -> Problem | None:
        if problem := self._name_problem(name):
            return CONF_NAME, problem, {}
        return next(self._problems(answers), None)

    @abstractmethod
    def _fields(self) -> dict[Any, Any]:
        """Return what is asked beside the name."""

    @abstractmethod
    def _problems(self, answers: Mapping[str, Any]) -> Iterator[Problem]:
        """Yield what is wrong with the answers, the gravest first."""
