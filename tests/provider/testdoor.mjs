// SPDX-License-Identifier: BSD-2-Clause
// A side door for tests that cannot afford a browser: approvals and signed
// tokens for the asking. It exists only under "server.mjs --test".

import { OAuthError, readJson, routeTable } from './http.mjs';
import { now } from './store.mjs';

function person(app, name) {
  const user = app.people.named(name);

  if (!user) {
    throw new OAuthError(404, 'not_found', `There is no such person: ${name}`);
  }
  return user;
}

// { user_code, user, [auth_time], [amr] }
async function approve(app, ctx) {
  const { user_code: code = '', user: name, auth_time: time = now(), amr = ['phr'] } = await readJson(ctx);
  const user = person(app, name);
  const record = app.devices.byUserCode(code);
  const refusal = app.devices.refusal(record, user);

  if (refusal) {
    throw new OAuthError(403, 'access_denied', refusal);
  }
  app.devices.approve(record, user, { auth_time: time, amr });
  ctx.body = { ok: true, sub: user.sub };
}

// { user, [client_id], [scope], [nonce], [auth_time], [amr], [fault],
//   [claims]: laid over the token's own, null takes one out, [header]: likewise }
async function token(app, ctx) {
  const wanted = await readJson(ctx);
  const { jwt } = await app.tokens.idToken({
    client_id: wanted.client_id ?? app.config().clients[0].client_id,
    sub: person(app, wanted.user).sub,
    scope: wanted.scope ?? 'openid profile email groups',
    auth_time: wanted.auth_time ?? now(),
    amr: wanted.amr ?? ['phr'],
    nonce: wanted.nonce,
  }, {
    header: dropNulls(wanted.header),
    claims: dropNulls(wanted.claims),
    fault: wanted.fault,
  });

  ctx.body = { id_token: jwt };
}

// JSON has no undefined, and an undefined member leaves a token unwritten.
function dropNulls(members = {}) {
  return Object.fromEntries(Object.entries(members).map(([key, value]) => (
    [key, value === null ? undefined : value])));
}

export function testDoor(app) {
  return routeTable(app, app.testing ? {
    'POST /test/approve': approve,
    'POST /test/token': token,
  } : {});
}
