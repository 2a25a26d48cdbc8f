"""Terraform's functions: one table, in the order of the alphabet.

A new function is a line here and a body in the module of its kind, which is called as Terraform's documentation
heads the functions: numeric, strings, collection_*, encoding, filesystem, date_and_time, hash_and_crypto,
ip_network, type_conversion. A body is called as its function is, with a `_` behind where Python has taken the name.

What a function decides equals Terraform's answer; everything else is Unknown with a reason. Bodies raise
RefusedError for what Terraform refuses and for what is not certain.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from astrovet.budget import Budget
from astrovet.place import Place
from astrovet.terraform.functions import (
    collection_lists,
    collection_maps,
    collection_sets,
    date_and_time,
    encoding,
    filesystem,
    hash_and_crypto,
    ip_network,
    numeric,
    strings,
    type_conversion,
)
from astrovet.terraform.functions.arguments import Arguments, Attempts, holds_sensitive
from astrovet.terraform.functions.filesystem import Files, NoFiles
from astrovet.terraform.functions.result_types import NEVER_NULL, RESULT_TYPES
from astrovet.terraform.values.common_type import converted
from astrovet.terraform.values.plain_data import from_plain, moved, plain
from astrovet.terraform.values.refusal import RefusedError, UndecidedError
from astrovet.terraform.values.steps import refused
from astrovet.terraform.values.types import DYNAMIC, NUMBER, TEXTS
from astrovet.terraform.values.unknowns import origins_of, refused_part, unknown
from astrovet.value import Absent, Known, List, Tree, Type, Unknown, Value

ANY_NUMBER = sys.maxsize
_NO_FILES = NoFiles()
_MISFIT = "the number of arguments does not fit"


class OfData(Struct, frozen=True):
    """A function that needs all of its arguments, as plain data and none of them null."""

    body: Callable[..., Any]
    least: int
    """How many arguments there are."""
    most: int = 0
    """How many there may be, where that is more."""
    grows: bool = False
    """The result may be much larger than the arguments: the budget comes first, and the body counts what it makes."""
    made: Type | None = None
    """The type of the result, where that is a collection."""


class OfValues(Struct, frozen=True):
    """A function that keeps what is known of its arguments where parts of them are not."""

    body: Callable[..., Value[Tree]]
    """It takes the arguments and the place."""
    least: int
    most: int = 0
    grows: bool = False
    """As for a function of data."""


class OfAttempts(Struct, frozen=True):
    """A function that is given its arguments unevaluated, because one that fails does not make it fail."""

    body: Callable[[Attempts, Place], Value[Tree]]
    least: int
    most: int = 0


class OfFiles(Struct, frozen=True):
    """A function that reads files of the module in which it is called."""

    body: Callable[[Arguments, Place, Files], Value[Tree]]
    least: int
    most: int = 0


Function: TypeAlias = OfData | OfValues | OfAttempts | OfFiles


def takes_attempts(name: str) -> bool:
    """Whether a function is to be called with `attempt`."""
    return isinstance(_named(name), OfAttempts)


def attempt(name: str, attempts: Attempts, place: Place) -> Value[Tree]:
    """The result of a function that evaluates its arguments itself; it stands where they do."""
    function = _named(name)
    if not isinstance(function, OfAttempts):
        return call(name, [evaluate() for evaluate in attempts], place)
    if not _takes(function, len(attempts)):
        return refused(f"{name}: {_MISFIT}", place)
    return function.body(attempts, place)


def call(
    name: str, arguments: Arguments, place: Place, files: Files = _NO_FILES, budget: Budget | None = None
) -> Value[Tree]:
    """The result of a function, all of it at `place`; Unknown where it is not certain.

    Raises:
        ExhaustedError: it costs more than the budget has.
    """
    function = _named(name)
    if function is None:
        why, of = f"astrovet does not evaluate the function {name}", RESULT_TYPES.get(name.removeprefix("core::"))
        return Unknown(why, place, origins_of(*arguments), type=of, is_never_null=of is not None)
    budget = budget or Budget()
    budget.elements.spend(len(arguments))
    for argument in arguments:
        budget.take(argument)
    if name.removeprefix("core::") not in OF_SETS:
        arguments = [_without_order(argument) for argument in arguments]
    lost = refused_part(*arguments)
    if lost is not None:
        return msgspec.structs.replace(lost, place=place, type=None)
    result = _tried(name, function, arguments, place, files, budget)
    of = RESULT_TYPES.get(name.removeprefix("core::"))
    has_null = any(isinstance(argument, Absent) for argument in arguments)  # then it may have no type
    if of is None or not isinstance(result, Unknown) or result.is_refused or has_null:
        return result
    return msgspec.structs.replace(result, type=of, is_never_null=name.removeprefix("core::") in NEVER_NULL)


def _tried(
    name: str, function: Function, arguments: Arguments, place: Place, files: Files, budget: Budget
) -> Value[Tree]:
    try:
        return budget.take(_result(function, arguments, place, files, budget))
    except UndecidedError as error:
        if error.is_refused:
            return refused(f"{name}: {error.why}", place)
        return unknown(f"{name}: {error.why}", place, *arguments, how=error.how)
    except (ValueError, ArithmeticError):
        return unknown(f"{name}: what it is given is beyond what astrovet calculates with", place, *arguments)
    except RecursionError:
        return unknown(f"{name}: the value is nested too deeply", place, *arguments)


OF_SETS = frozenset({"coalesce", "setunion", "tolist", "toset"})
"""Functions that take sets of which an element is not known for what they are."""


def _without_order(argument: Value[Tree]) -> Value[Tree]:
    """An argument of which neither the length nor the order is known is not known itself."""
    if isinstance(argument, Known) and isinstance(argument.value, List) and argument.value.is_open_set:
        return unknown("how many elements a set has is not known", argument.place, argument)
    return argument


def _named(name: str) -> Function | None:
    return FUNCTIONS.get(name.removeprefix("core::"))


def _takes(function: Function, count: int) -> bool:
    return function.least <= count <= max(function.least, function.most)


def _result(function: Function, arguments: Arguments, place: Place, files: Files, budget: Budget) -> Value[Tree]:
    if not _takes(function, len(arguments)):
        raise RefusedError(_MISFIT)
    match function:
        case OfData(body, grows=grows, made=made_type):
            data = [plain(argument) for argument in arguments]
            if any(argument is None for argument in data):
                raise RefusedError("an argument is null")
            result = body(budget, *data) if grows else body(*data)
            value = from_plain(result, place, sensitive=holds_sensitive(arguments))
            return value if made_type is None else converted(value, made_type)
        case OfValues(of_values, grows=grows):
            made = of_values(budget, arguments, place) if grows else of_values(arguments, place)
            return moved(made, place)
        case OfAttempts(of_attempts):
            return moved(of_attempts([partial(_itself, argument) for argument in arguments], place), place)
        case OfFiles(of_files):
            return of_files(arguments, place, files)


def _itself(argument: Value[Tree]) -> Value[Tree]:
    return argument


FUNCTIONS: dict[str, Function] = {
    "abs": OfData(numeric.abs_, 1),
    "alltrue": OfValues(collection_lists.alltrue, 1),
    "anytrue": OfValues(collection_lists.anytrue, 1),
    "base64decode": OfData(encoding.base64decode, 1),
    "base64encode": OfData(encoding.base64encode, 1),
    "base64sha256": OfData(hash_and_crypto.base64sha256, 1),
    "base64sha512": OfData(hash_and_crypto.base64sha512, 1),
    "basename": OfData(filesystem.basename, 1),
    "can": OfAttempts(type_conversion.can, 1),
    "ceil": OfData(numeric.ceil, 1),
    "chomp": OfData(strings.chomp, 1),
    "chunklist": OfValues(collection_lists.chunklist, 2),
    "cidrhost": OfData(ip_network.cidrhost, 2),
    "cidrnetmask": OfData(ip_network.cidrnetmask, 1),
    "cidrsubnet": OfData(ip_network.cidrsubnet, 3),
    "cidrsubnets": OfData(ip_network.cidrsubnets, 1, ANY_NUMBER, made=TEXTS),
    "coalesce": OfValues(collection_lists.coalesce, 1, ANY_NUMBER),
    "coalescelist": OfValues(collection_lists.coalescelist, 1, ANY_NUMBER),
    "compact": OfData(collection_lists.compact, 1, made=TEXTS),
    "concat": OfValues(collection_lists.concat, 1, ANY_NUMBER),
    "contains": OfValues(collection_lists.contains, 2),
    "csvdecode": OfData(encoding.csvdecode, 1, made=Type("list", (DYNAMIC,))),
    "dirname": OfData(filesystem.dirname, 1),
    "distinct": OfValues(collection_lists.distinct, 1),
    "element": OfValues(collection_lists.element, 2),
    "endswith": OfData(strings.endswith, 2),
    "file": OfFiles(filesystem.file, 1),
    "filebase64": OfFiles(filesystem.file_read_by("filebase64", encoding.base64_of_bytes), 1),
    "filebase64sha256": OfFiles(
        filesystem.file_read_by("filebase64sha256", partial(hash_and_crypto.base64_of_bytes, "sha256")), 1
    ),
    "filebase64sha512": OfFiles(
        filesystem.file_read_by("filebase64sha512", partial(hash_and_crypto.base64_of_bytes, "sha512")), 1
    ),
    "fileexists": OfFiles(filesystem.fileexists, 1),
    "filemd5": OfFiles(filesystem.file_read_by("filemd5", partial(hash_and_crypto.of_bytes, "md5")), 1),
    "fileset": OfFiles(filesystem.fileset, 2),
    "filesha1": OfFiles(filesystem.file_read_by("filesha1", partial(hash_and_crypto.of_bytes, "sha1")), 1),
    "filesha256": OfFiles(filesystem.file_read_by("filesha256", partial(hash_and_crypto.of_bytes, "sha256")), 1),
    "filesha512": OfFiles(filesystem.file_read_by("filesha512", partial(hash_and_crypto.of_bytes, "sha512")), 1),
    "flatten": OfValues(collection_lists.flatten, 1),
    "floor": OfData(numeric.floor, 1),
    "format": OfValues(strings.format_, 1, ANY_NUMBER, grows=True),
    "formatdate": OfData(date_and_time.formatdate, 2),
    "formatlist": OfValues(strings.formatlist, 1, ANY_NUMBER, grows=True),
    "indent": OfData(strings.indent, 2, grows=True),
    "index": OfValues(collection_lists.index, 2),
    "join": OfValues(strings.join, 2, ANY_NUMBER, grows=True),
    "jsondecode": OfData(encoding.jsondecode, 1),
    "jsonencode": OfValues(encoding.jsonencode, 1, grows=True),
    "keys": OfValues(collection_maps.keys, 1),
    "length": OfValues(collection_lists.length, 1),
    "log": OfData(numeric.log, 2),
    "lookup": OfValues(collection_maps.lookup, 2, 3),
    "lower": OfData(strings.lower, 1),
    "matchkeys": OfValues(collection_lists.matchkeys, 3),
    "max": OfData(numeric.max_, 1, ANY_NUMBER),
    "md5": OfData(hash_and_crypto.md5, 1),
    "merge": OfValues(collection_maps.merge, 0, ANY_NUMBER),
    "min": OfData(numeric.min_, 1, ANY_NUMBER),
    "nonsensitive": OfValues(type_conversion.nonsensitive, 1),
    "one": OfValues(collection_lists.one, 1),
    "parseint": OfData(numeric.parseint, 2),
    "pathexpand": OfData(filesystem.pathexpand, 1),
    "pow": OfData(numeric.pow_, 2),
    "range": OfData(collection_lists.range_, 1, 3, made=Type("list", (NUMBER,))),
    "regex": OfData(strings.regex, 2, grows=True),
    "regexall": OfData(strings.regexall, 2, grows=True, made=Type("list", (DYNAMIC,))),
    "replace": OfData(strings.replace, 3, grows=True),
    "reverse": OfValues(collection_lists.reverse, 1),
    "sensitive": OfValues(type_conversion.sensitive, 1),
    "setintersection": OfValues(collection_sets.setintersection, 1, ANY_NUMBER),
    "setproduct": OfValues(collection_sets.setproduct, 2, ANY_NUMBER, grows=True),
    "setsubtract": OfValues(collection_sets.setsubtract, 2),
    "setunion": OfValues(collection_sets.setunion, 1, ANY_NUMBER),
    "sha1": OfData(hash_and_crypto.sha1, 1),
    "sha256": OfData(hash_and_crypto.sha256, 1),
    "sha512": OfData(hash_and_crypto.sha512, 1),
    "signum": OfData(numeric.signum, 1),
    "slice": OfValues(collection_lists.slice_, 3),
    "sort": OfValues(collection_lists.sort, 1),
    "split": OfData(strings.split, 2, made=TEXTS),
    "startswith": OfValues(strings.startswith, 2),
    "strcontains": OfValues(strings.strcontains, 2),
    "strrev": OfData(strings.strrev, 1),
    "substr": OfData(strings.substr, 3),
    "sum": OfData(collection_lists.sum_, 1),
    "templatefile": OfFiles(filesystem.templatefile, 2),
    "templatestring": OfFiles(filesystem.templatestring, 2),
    "textdecodebase64": OfData(encoding.textdecodebase64, 2),
    "textencodebase64": OfData(encoding.textencodebase64, 2),
    "timeadd": OfData(date_and_time.timeadd, 2),
    "timecmp": OfData(date_and_time.timecmp, 2),
    "title": OfData(strings.title, 1),
    "tobool": OfValues(type_conversion.tobool, 1),
    "tolist": OfValues(type_conversion.tolist, 1),
    "tomap": OfValues(type_conversion.tomap, 1),
    "tonumber": OfValues(type_conversion.tonumber, 1),
    "toset": OfValues(type_conversion.toset, 1),
    "tostring": OfValues(type_conversion.tostring, 1),
    "transpose": OfData(collection_maps.transpose, 1, made=Type("map", (TEXTS,))),
    "trim": OfData(strings.trim, 2),
    "trimprefix": OfData(strings.trimprefix, 2),
    "trimspace": OfData(strings.trimspace, 1),
    "trimsuffix": OfData(strings.trimsuffix, 2),
    "try": OfAttempts(type_conversion.try_, 1, ANY_NUMBER),
    "upper": OfData(strings.upper, 1),
    "urlencode": OfData(encoding.urlencode, 1),
    "uuidv5": OfData(hash_and_crypto.uuidv5, 2),
    "values": OfValues(collection_maps.values, 1),
    "yamldecode": OfData(encoding.yamldecode, 1, grows=True),
    "yamlencode": OfValues(encoding.yamlencode, 1),
    "zipmap": OfValues(collection_maps.zipmap, 2),
}
