"""The values of the flow cannot be altered, and are written by name."""

import importlib
import inspect
import pkgutil
from dataclasses import fields, is_dataclass
from enum import Enum
from types import ModuleType
from typing import get_args

import pytest

import generator.model
from generator.model import change

MODULES = [
    importlib.import_module(f"generator.model.{module.name}")
    for module in pkgutil.iter_modules(generator.model.__path__)
]
POSITIONAL = {"QName"}


def own_classes(module: ModuleType) -> list[type]:
    return [each for _, each in inspect.getmembers(module, inspect.isclass) if each.__module__ == module.__name__]


VALUES = [each for module in MODULES for each in own_classes(module) if is_dataclass(each)]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_a_value_is_frozen_and_has_slots_and_keywords_only(value: type) -> None:
    parameters = value.__dataclass_params__  # type: ignore[attr-defined]
    assert parameters.frozen
    assert "__slots__" in vars(value)
    if value.__name__ not in POSITIONAL:
        assert all(field.kw_only for field in fields(value))


def test_a_model_holds_nothing_but_values_and_words() -> None:
    others = [
        each.__name__
        for module in MODULES
        for each in own_classes(module)
        if not is_dataclass(each) and not issubclass(each, Enum | Exception)
    ]
    assert others == []


def test_every_change_is_in_the_union() -> None:
    assert {each for each in own_classes(change) if is_dataclass(each)} == set(get_args(change.Change))
