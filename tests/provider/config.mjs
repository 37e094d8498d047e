// SPDX-License-Identifier: BSD-2-Clause
// state.json: who exists, which clients, and what the provider does wrong.
// Tests replace the file while the server runs, so every use looks at it.

import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const person = (n, username, given, groups) => ({
  sub: `0f7d1c3a-6b52-4e0d-9a41-00000000000${n}`,
  username,
  given_name: given,
  family_name: 'Example',
  email: `${username}@example.com`,
  email_verified: true,
  groups,
  disabled: false,
  custom_claims: {},
});

const defaults = {
  clients: [{
    client_id: '3654a746-35d4-4321-ac61-0bdcff2b4055',
    name: 'hostpass',
    secret: null,
    jwks: null,
    redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
    allowed_groups: null,
    requires_reauthentication: false,
  }],
  users: [
    person(1, 'alice', 'Alice', ['admins', 'staff']),
    person(2, 'bob', 'Bob', ['staff']),
    person(3, 'carol', 'Carol', ['contractors']),
    person(4, 'mallory', 'Mallory', []),
  ],
  api_key: 'an-admin-key-of-the-stand-in-0001',
  group_claims: {},
  version: '2.14',
  signing_alg: 'RS256',
  key_generation: 1,
  internal_url: null,
  device_expires_in: 900,
  interval: 5,
  slow_down: false,
  access_token_ttl: 3600,
  session_age: 0,
  fault: null,
};

// Two people of a test may write at the same time, each in a process of its own.
export function writeAtomic(file, text) {
  const draft = `${file}.${process.pid}`;

  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}

// Returns a function that gives the configuration as it is on disk now.
export function watchConfig(dir) {
  const file = join(dir, 'state.json');
  let seen = '';
  let config = defaults;

  if (!existsSync(file)) {
    writeAtomic(file, `${JSON.stringify(defaults, null, 2)}\n`);
  }

  return function current() {
    // The inode too: two renames within one clock tick leave equal times.
    const { mtimeMs, size, ino } = statSync(file);
    const now = `${mtimeMs} ${size} ${ino}`;

    if (now !== seen) {
      try {
        config = { ...defaults, ...JSON.parse(readFileSync(file, 'utf8')) };
      } catch (error) {
        // A half-written file: keep what we had and look again next time.
        console.error(`state.json: ${error.message}`);
        return config;
      }
      seen = now;
    }
    return config;
  };
}
