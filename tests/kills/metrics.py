# SPDX-License-Identifier: BSD-2-Clause
"""The text format of Prometheus, read strictly; by promtool too, if it is
there."""

import re
import shutil
import subprocess

NAME = r'[a-z_][a-z0-9_]*'
VALUE = r'"(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf'({NAME})(?:\{{({NAME}={VALUE}(?:,{NAME}={VALUE})*)\}})?'
                    r' (-?[0-9]+(?:\.[0-9]+)?)')

# Prometheus has one unit for each kind of thing.
UNIT = re.compile(r'_(minutes|hours|days)|_(milli|micro|nano)seconds|'
                  r'_(kilo|mega)bytes')


def read(text):
    """Samples by name and labels; ValueError if a line is not as it must be,
    or stands where it must not."""
    samples, seen, current, kind = {}, set(), None, None
    if not text.endswith('\n'):
        raise ValueError('the last line has no end')
    for line in text[:-1].split('\n'):
        if line.startswith('# HELP '):
            current = line.split(' ')[2]
            if current in seen:
                raise ValueError(f'twice: {current}')
            seen.add(current)
            kind = None
        elif line.startswith('# TYPE '):
            _, _, name, kind = line.split(' ')
            if name != current or kind not in ('counter', 'gauge', 'summary'):
                raise ValueError(line)
            if (kind == 'counter') != name.endswith('_total'):
                raise ValueError(f'{name} is a {kind}')
            if UNIT.search(name):
                raise ValueError(f'{name}: not in a base unit')
        else:
            match = SAMPLE.fullmatch(line)
            if not match or kind is None:
                raise ValueError(line)
            allowed = [current]
            if kind == 'summary':
                allowed = [f'{current}_sum', f'{current}_count']
            key = (match[1], match[2])
            if match[1] not in allowed or key in samples:
                raise ValueError(line)
            samples[key] = float(match[3])
    if shutil.which('promtool'):
        subprocess.run(['promtool', 'check', 'metrics'], input=text, text=True,
                       check=True, capture_output=True)
    return samples
