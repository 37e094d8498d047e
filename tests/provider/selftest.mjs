// SPDX-License-Identifier: BSD-2-Clause
// Tests of the stand-in itself: ./node --test selftest.mjs

import './selftest-protocol.mjs';
import './selftest-faults.mjs';
import './selftest-versions.mjs';
import './selftest-browser.mjs';
