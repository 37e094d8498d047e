// SPDX-License-Identifier: BSD-2-Clause
// An approval without a browser, for tests that need hundreds: one POST to
// the side door of a server that was started with --test.

import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';

// Resolves with { status, headers, body }; body is parsed when it is JSON.
export function send(url, { method = 'GET', headers = {}, body, ca } = {}) {
  return new Promise((done, failed) => {
    const req = request(url, { method, headers, ca, agent: false }, async (res) => {
      const chunks = [];

      for await (const chunk of res) {
        chunks.push(chunk);
      }
      const text = Buffer.concat(chunks).toString();

      done({
        status: res.statusCode,
        headers: res.headers,
        body: res.headers['content-type']?.startsWith('application/json') ? JSON.parse(text) : text,
      });
    });

    req.once('error', failed);
    req.end(body);
  });
}

export function postJson(url, value, options) {
  return send(url, {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(value),
  });
}

export async function approveByHttp({ state, url }, user) {
  const { origin, searchParams } = new URL(url);
  const { status, body } = await postJson(`${origin}/test/approve`, {
    user_code: searchParams.get('user_code') ?? searchParams.get('code'),
    user: user.sub,
  }, { ca: readFileSync(join(state, 'ca.pem')) });

  if (status !== 200) {
    throw new Error(body.error_description ?? body.error ?? `HTTP ${status}`);
  }
  return 'done';
}
