// SPDX-License-Identifier: BSD-2-Clause
// The addresses that a person's browser visits, and the passkey calls that
// their script makes.

import { readFileSync } from 'node:fs';
import { OAuthError, readForm, readJson, routeTable } from './http.mjs';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const webauthn = read('node_modules/@simplewebauthn/browser/dist/bundle/index.umd.min.js');
const script = read('passkey.js');

const asset = (text) => (app, ctx) => {
  ctx.type = 'text/javascript';
  ctx.body = text;
};

// Only ever back to ourselves.
function localPath(text) {
  return /^\/(?![/\\])/.test(text ?? '') ? text : '/';
}

function showDevice(app, ctx) {
  const code = ctx.query.user_code ?? ctx.query.code;

  if (!code) {
    return app.pages.enterCode(ctx);
  }
  const session = app.sessions.of(ctx);
  const record = app.devices.byUserCode(code);

  if (!record) {
    return app.pages.enterCode(ctx, 'This code is not valid. It may have expired or been used already.');
  }
  const here = `/device?user_code=${record.user_code}`;
  const client = app.clients.byId(record.client_id);

  if (!session) {
    return app.pages.signIn(ctx, here);
  }
  const user = app.people.bySub(session.sub);
  const refusal = app.devices.refusal(record, user);

  if (refusal) {
    return app.pages.failure(ctx, refusal, 403);
  }
  if (client.requires_reauthentication && !app.sessions.isFresh(session)) {
    return app.pages.signIn(ctx, here, { again: true });
  }
  return app.pages.approve(ctx, { client, record, user });
}

async function answerDevice(app, ctx) {
  const { user_code: code = '', answer } = await readForm(ctx);
  const session = app.sessions.of(ctx);
  const record = app.devices.byUserCode(code);

  if (answer !== 'approve') {
    return app.pages.cancelled(ctx);
  }
  if (!session || !record) {
    return ctx.redirect(`/device?user_code=${encodeURIComponent(code)}`);
  }
  const user = app.people.bySub(session.sub);
  const refusal = app.devices.refusal(record, user);

  if (refusal) {
    return app.pages.failure(ctx, refusal, 403);
  }
  if (app.clients.byId(record.client_id).requires_reauthentication) {
    if (!app.sessions.isFresh(session)) {
      return ctx.redirect(`/device?user_code=${record.user_code}`);
    }
    app.sessions.spend(session);
  }
  app.devices.approve(record, user, session);
  return app.pages.done(ctx);
}

function showRegister(app, ctx) {
  const next = localPath(ctx.query.next);
  const user = app.people.bySub(ctx.query.user);

  if (!user || user.disabled) {
    return app.pages.choosePerson(ctx, next);
  }
  return app.pages.register(ctx, user, `/register/done?next=${encodeURIComponent(next)}`);
}

async function startRegistration(app, ctx) {
  const { user: sub } = await readJson(ctx);
  const user = app.people.bySub(sub);

  if (!user) {
    throw new OAuthError(404, 'not_found', 'There is no such person.');
  }
  ctx.body = await app.passkeys.startRegistration(user);
}

async function finishLogin(app, ctx) {
  const sub = await app.passkeys.finishAuthentication(await readJson(ctx));
  const user = app.people.bySub(sub);

  if (!user || user.disabled) {
    throw new OAuthError(403, 'access_denied', 'Your account is disabled.');
  }
  app.sessions.start(ctx, sub);
  ctx.body = { sub };
}

// Where oidc-provider sends a browser that is not signed in yet.
async function interaction(app, ctx) {
  const details = await app.engine.provider.interactionDetails(ctx.req, ctx.res);
  const session = app.sessions.of(ctx);
  const client = app.clients.byId(details.params.client_id);
  const fresh = client.requires_reauthentication || details.prompt.reasons.some((reason) => (
    reason === 'login_prompt' || reason === 'max_age'));

  if (!session || (fresh && session.auth_time < details.iat)) {
    return app.pages.signIn(ctx, ctx.path, { again: Boolean(session) });
  }
  // On our own page, never redirected: so does Pocket ID.
  if (!app.people.mayUse(app.people.bySub(session.sub), client)) {
    return app.pages.failure(ctx, 'You\'re not allowed to access this service.', 403);
  }
  ctx.respond = false;
  return app.engine.provider.interactionFinished(ctx.req, ctx.res, {
    login: { accountId: session.sub, amr: session.amr, ts: session.auth_time },
    consent: {},
    select_account: {},
  });
}

export function browserRoutes(app) {
  return routeTable(app, {
    'GET /': (_, ctx) => app.pages.home(ctx),
    'GET /healthz': (_, ctx) => { ctx.status = 204; },
    'GET /assets/simplewebauthn.js': asset(webauthn),
    'GET /assets/passkey.js': asset(script),
    'GET /device': showDevice,
    'POST /device': answerDevice,
    'GET /login': (_, ctx) => app.pages.signIn(ctx, localPath(ctx.query.next)),
    'GET /logout': (_, ctx) => app.pages.signedOut(ctx),
    async 'POST /logout'(_, ctx) {
      app.sessions.end(ctx);
      ctx.redirect(localPath((await readForm(ctx)).next));
    },
    'GET /register': showRegister,
    'GET /register/done': (_, ctx) => app.pages.registered(ctx, localPath(ctx.query.next)),
    'GET /interaction/*': interaction,
    'POST /api/webauthn/register/start': startRegistration,
    async 'POST /api/webauthn/register/finish'(_, ctx) {
      ctx.body = { sub: await app.passkeys.finishRegistration(await readJson(ctx)) };
    },
    async 'POST /api/webauthn/login/start'(_, ctx) {
      ctx.body = await app.passkeys.startAuthentication();
    },
    'POST /api/webauthn/login/finish': finishLogin,
  });
}
