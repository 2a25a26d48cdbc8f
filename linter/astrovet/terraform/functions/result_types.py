"""The types of what functions give whatever they are given."""

from __future__ import annotations

from astrovet.terraform.values.types import BOOL, NUMBER, STRING

_NAMES = {
    STRING: """
        base64decode base64encode base64sha256 base64sha512 basename chomp cidrhost cidrnetmask
        cidrsubnet dirname format formatdate indent join jsonencode lower
        md5 replace sha1 sha256 sha512 strrev substr textdecodebase64
        textencodebase64 timeadd title tostring trim trimprefix trimspace trimsuffix
        upper urlencode uuidv5 yamlencode file templatefile templatestring filebase64
        abspath base64gzip bcrypt pathexpand plantimestamp rsadecrypt timestamp uuid
        filemd5 filesha1 filesha256 filesha512 filebase64sha256 filebase64sha512
    """,
    NUMBER: "abs ceil floor index length log max min parseint pow signum sum timecmp tonumber",
    BOOL: "alltrue anytrue contains endswith fileexists startswith strcontains tobool",
}
RESULT_TYPES = {name: of for of, names in _NAMES.items() for name in names.split()}
"""By the function's name."""
NEVER_NULL = RESULT_TYPES.keys() - {"tobool", "tonumber", "tostring"}
"""Functions of these that never give null."""
