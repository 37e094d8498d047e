#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""granted.py POLICY RULES...: whether the policy has what these files list, one
rule a line, as sesearch(1) writes them but for permissions that are not of
interest:

    allow SOURCE TARGET CLASS PERMISSION... [if BOOLEAN]
    never SOURCE TARGET CLASS PERMISSION...
    type_transition SOURCE TARGET CLASS TYPE [NAME]
    type TYPE ATTRIBUTE
    role ROLE TYPE

SOURCE and TARGET are names as they stand in the rule, a type or an attribute;
with `never` every rule counts that reaches them. What a boolean turns on does
not count without `if`."""

import sys

import setools


class Policy:
    def __init__(self, path):
        self.policy = setools.SELinuxPolicy(path)
        self.granted = {}
        self.transitions = set()
        for rule in self.policy.terules():
            key = (str(rule.source), str(rule.target), str(rule.tclass))
            if rule.ruletype == setools.TERuletype.allow:
                condition = str(getattr(rule, 'conditional', '')) if \
                    is_conditional(rule) else ''
                self.granted.setdefault(key + (condition,), set()).update(
                    str(perm) for perm in rule.perms)
            elif rule.ruletype == setools.TERuletype.type_transition:
                name = getattr(rule, 'filename', None) \
                    if has_name(rule) else None
                self.transitions.add(key + (str(rule.default), name))

    def allow(self, source, target, tclass, *words):
        condition = ''
        if 'if' in words:
            condition = words[words.index('if') + 1]
            words = words[:words.index('if')]
        return set(words) <= self.granted.get(
            (source, target, tclass, condition), set())

    def never(self, source, target, tclass, *perms):
        query = setools.TERuleQuery(
            self.policy, ruletype=['allow'], source=source, target=target,
            source_indirect=True, target_indirect=True, tclass=[tclass],
            perms=perms)
        return not list(query.results())

    def type_transition(self, source, target, tclass, default, name=None):
        return (source, target, tclass, default, name) in self.transitions

    def type(self, name, attribute):
        return attribute in [str(a) for a in
                             self.policy.lookup_type(name).attributes()]

    def role(self, role, name):
        return name in [str(t) for t in
                        self.policy.lookup_role(role).types()]


def is_conditional(rule):
    try:
        return rule.conditional is not None
    except AttributeError:
        return False


def has_name(rule):
    try:
        return rule.filename is not None
    except AttributeError:
        return False


def main():
    policy = Policy(sys.argv[1])
    missing = rows = 0
    for path in sys.argv[2:]:
        with open(path, encoding='utf-8') as stream:
            for line in stream:
                words = line.split('#')[0].split()
                if not words:
                    continue
                rows += 1
                if not getattr(policy, words[0])(*words[1:]):
                    print(f'not so: {" ".join(words)}')
                    missing += 1
    print(f'{rows - missing} of {rows} rules')
    sys.exit(1 if missing or not rows else 0)


main()
