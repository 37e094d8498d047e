#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""authselect.py FILE FEATURE...: a file of an authselect profile with these
features, as far as our profile uses the language of authselect-profiles(5)."""

import re
import sys


def holds(condition, features):
    name = re.fullmatch(r'(not )?"([a-z-]+)"', condition)
    if name is None:
        sys.exit(f'a condition that is not understood: {condition}')
    return (name[2] in features) != bool(name[1])


def resolve(line, features):
    """The line, or None if a feature leaves it out."""
    for kind, condition in re.findall(r'\{(include|exclude) if ([^}]*)\}', line):
        if holds(condition, features) != (kind == 'include'):
            return None
    line = re.sub(r'\{(include|exclude) if [^}]*\}', '', line)
    line = re.sub(
        r'\{if ([^:}]*):([^}|]*)(?:\|([^}]*))?\}',
        lambda m: m[2] if holds(m[1], features) else m[3] or '', line)
    if re.search(r'[{}]', line):
        sys.exit(f'not understood: {line}')
    return line.rstrip()


with open(sys.argv[1], encoding='utf-8') as stream:
    for text in stream:
        resolved = resolve(text.rstrip('\n'), sys.argv[2:])
        if resolved is not None:
            print(resolved)
