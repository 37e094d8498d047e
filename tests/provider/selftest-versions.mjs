// SPDX-License-Identifier: BSD-2-Clause
// Is each "version" of state.json what that Pocket ID was?

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { CLIENT, Provider, SCOPE } from './harness.mjs';
import { versions } from './versions.mjs';

let op;

before(async () => { op = await Provider.start(); });
after(() => op.stop());

const asked = { nonce: 'a nonce' };

// The device response, what polls of it say, and a sign-in's token and claims.
async function walk(version, body) {
  await op.during((state) => { state.version = version; }, async () => {
    const device = await op.device(asked);
    const pending = await op.poll(device);
    const unknown = await op.poll({ device_code: 'garbage' });

    await op.approve(device);
    const { body: tokens } = await op.poll(device);
    const { payload } = await op.verify(tokens.id_token);
    const { body: document } = await op.get('/.well-known/openid-configuration');

    await body({ device, pending, unknown, tokens, payload, document });
  });
}

const has = (payload, ...names) => names.map((name) => name in payload);

test('every version has a test here, and 2.14 is what one gets', () => {
  assert.deepEqual(Object.keys(versions).sort(), ['2.0', '2.11', '2.14', '2.9']);
  assert.equal(op.state().version, '2.14');
});

test('2.14', () => walk('2.14', ({ device, unknown, tokens, payload }) => {
  assert.match(device.user_code, /^E[A-Z0-9]{7}$/);
  assert.equal(unknown.body.error, 'invalid_grant');
  assert.equal(tokens.token_type, 'bearer');
  assert.deepEqual(payload.aud, [CLIENT]);
  assert.deepEqual(has(payload, 'at_hash', 'auth_time', 'rat', 'nonce'), [true, true, true, false]);
}));

test('2.11: eight letters, typed in any case; no RFC 8414', () => (
  walk('2.11', async ({ device, unknown, payload, document }) => {
    assert.match(device.user_code, /^[A-Z]{8}$/);
    assert.ok(device.verification_uri_complete.endsWith(`/device?user_code=${device.user_code}`));
    assert.equal(unknown.body.error, 'invalid_grant');
    assert.deepEqual(payload.aud, [CLIENT]);
    assert.deepEqual(has(payload, 'at_hash', 'auth_time', 'rat', 'nonce'), [true, true, true, false]);
    assert.ok(!('client_id_metadata_document_supported' in document));

    const other = await op.device();

    other.user_code = other.user_code.toLowerCase();
    assert.equal((await op.approve(other)).status, 200);
    const missing = await op.get('/.well-known/oauth-authorization-server');

    assert.deepEqual([missing.status, Object.keys(missing.body)], [404, ['error']]);
  })));

test('2.9: a code in mixed case, one audience, sentences for errors', () => (
  walk('2.9', ({ device, pending, unknown, tokens, payload, document }) => {
    assert.match(device.user_code, /^[A-Za-z0-9]{8}$/);
    assert.ok(device.verification_uri_complete.endsWith(`/device?code=${device.user_code}`));
    assert.equal(device.requires_authorization, true);
    assert.deepEqual([pending.status, pending.body], [400, { error: 'authorization_pending' }]);
    assert.deepEqual([unknown.status, unknown.body], [400, { error: 'Invalid device code' }]);
    assert.equal(tokens.token_type, 'Bearer');
    assert.equal(payload.aud, CLIENT);
    assert.equal(payload.nonce, asked.nonce);
    assert.deepEqual(has(payload, 'at_hash', 'auth_time', 'rat'), [false, false, false]);
    assert.deepEqual(payload.amr, ['phr']);
    assert.ok(payload.jti);
    assert.deepEqual(document.response_types_supported, ['code', 'id_token']);
    assert.ok(document.token_endpoint_auth_methods_supported.includes('private_key_jwt'));
    assert.ok(!document.scopes_supported.includes('offline_access'));
  })));

test('2.9: the case of a code counts', () => (
  op.during((state) => { state.version = '2.9'; }, async () => {
    const swap = (text) => text.replace(/[a-z]/gi, (letter) => (
      letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()));
    let device;

    // Eight digits have no case: one in a million, but it would be red.
    do {
      device = await op.device();
    } while (swap(device.user_code) === device.user_code);
    const { user_code: code } = device;

    assert.equal((await op.approve({ user_code: swap(code) })).status, 403);
    assert.equal((await op.approve({ user_code: code })).status, 200);
  })));

test('2.9: a code that nobody approved expires, and says so', () => (
  op.during((state) => { Object.assign(state, { version: '2.9', device_expires_in: 1 }); }, async () => {
    const device = await op.device();

    await sleep(1600);
    const { status, body } = await op.poll(device);

    assert.deepEqual([status, body], [400, { error: 'Device code has expired' }]);
  })));

test('2.9: refresh, and a client that is not known', () => (
  op.during((state) => { state.version = '2.9'; }, async () => {
    const login = await op.login('bob');
    const { body } = await op.refresh(login.refresh_token);
    const again = await op.refresh(login.refresh_token);
    const stranger = await op.device({ client_id: 'nobody', scope: SCOPE });

    await op.verify(body.id_token);
    assert.deepEqual([again.status, again.body], [400, { error: 'The refresh token was already used.' }]);
    assert.deepEqual(stranger, { error: 'Client authentication failed.' });
  })));

test('2.0: no nonce, no jti, no amr; discovery says less', () => (
  walk('2.0', ({ payload, document }) => {
    assert.deepEqual(has(payload, 'nonce', 'jti', 'amr'), [false, false, false]);
    assert.ok(!('token_endpoint_auth_methods_supported' in document));
    assert.ok(!('prompt_values_supported' in document));
    assert.ok(!document.claims_supported.includes('amr'));
  })));
