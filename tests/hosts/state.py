# SPDX-License-Identifier: BSD-2-Clause
"""state.py FILE STATEMENT...: changes the provider's state.json.

In a statement `s` is the document and `u(key)` the person with this name or
sub, such as
    s["fault"] = "expired"
    u("bob")["groups"].append("admins")
"""
import json
import os
import sys


def main():
    file, *statements = sys.argv[1:]
    with open(file, encoding="utf-8") as stream:
        document = json.load(stream)

    def person(key):
        return next(user for user in document["users"]
                    if key in (user["username"], user["sub"]))

    for statement in statements:
        exec(statement, {"s": document, "u": person})
    with open(file + ".new", "w", encoding="utf-8") as stream:
        json.dump(document, stream, indent=2)
    os.replace(file + ".new", file)


main()
