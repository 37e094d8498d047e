// SPDX-License-Identifier: BSD-2-Clause
// The device authorization grant (RFC 8628) as Pocket ID 2.14 does it: no
// slow_down, no denial, and a code that runs out unapproved stays pending.
// oidc-provider's own device flow cannot make these codes, has no interval
// and answers an expired code as the RFC says, so only its token endpoint,
// client authentication and records are used here.

import { randomBytes } from 'node:crypto';
import { errors } from 'oidc-provider';
import { DEVICE_GRANT } from './clients.mjs';
import { readForm, routeTable } from './http.mjs';
import { PATHS } from './paths.mjs';
import { now } from './store.mjs';
import { versionOf } from './versions.mjs';

const KNOWN_SCOPES = ['openid', 'profile', 'email', 'groups', 'offline_access'];
const CLEANUP_AFTER = 24 * 3600;

function newDeviceCode() {
  const part = () => randomBytes(32).toString('base64url');

  return `pocket_id_dc_${part()}.${part()}`;
}

export class Devices {
  constructor(app) {
    this.app = app;
  }

  request(client, { scope = '', nonce }) {
    const { device_expires_in: lifetime } = this.app.config();
    const version = versionOf(this.app);
    const record = {
      device_code: newDeviceCode(),
      user_code: version.newUserCode(),
      client_id: client.client_id,
      scope: scope.split(/\s+/).filter((name) => KNOWN_SCOPES.includes(name)).join(' '),
      nonce: version.echoesNonce ? nonce : undefined,
      iat: now(),
      exp: now() + lifetime,
      approval: null,
      redeemed: false,
      polls: 0,
      last_poll: 0,
    };

    this.app.store.put('Device', record.device_code, record, lifetime + CLEANUP_AFTER);
    return record;
  }

  byDeviceCode(code) {
    return this.app.store.get('Device', code);
  }

  byUserCode(text) {
    const code = versionOf(this.app).readUserCode(text);

    return this.app.store.find('Device', (record) => record.user_code === code);
  }

  // Why this person cannot approve this request; undefined when they can.
  refusal(record, user) {
    if (!record || record.approval || record.exp <= now()) {
      return 'This code is not valid. It may have expired or been used already.';
    }
    if (!user || user.disabled) {
      return 'Your account is disabled.';
    }
    if (!this.app.people.mayUse(user, this.app.clients.byId(record.client_id))) {
      return 'You\'re not allowed to access this service.';
    }
    return undefined;
  }

  // The claims are taken now: what changes later shows at the first refresh.
  approve(record, user, { auth_time, amr }) {
    this.app.store.update('Device', record.device_code, {
      approval: { sub: user.sub, auth_time, amr, claims: this.app.people.claims(user, record.scope) },
    });
  }
}

async function authorizeDevice(app, ctx) {
  const form = await readForm(ctx);
  const client = await app.clients.authenticate(ctx, form);
  const record = app.devices.request(client, form);
  const version = versionOf(app);
  const page = `${app.issuer}/device`;

  ctx.body = {
    device_code: record.device_code,
    user_code: record.user_code,
    verification_uri: page,
    verification_uri_complete: `${page}?${version.codeParameter}=${record.user_code}`,
    expires_in: app.config().device_expires_in,
    interval: app.config().interval,
    ...version.extra,
  };
}

export function deviceEndpoint(app) {
  return routeTable(app, { [`POST ${PATHS.device}`]: authorizeDevice });
}

// Pocket ID never says slow_down. state.json can ask for it: true slows who
// polls sooner than the interval, a number slows the first polls of each code.
function tooFast(app, record) {
  const { slow_down: rule, interval } = app.config();
  const early = now() - record.last_poll < interval;

  app.store.update('Device', record.device_code, { polls: record.polls + 1, last_poll: now() });
  return rule === true ? early : record.polls <= Number(rule);
}

function findApproved(app, ctx) {
  const record = app.devices.byDeviceCode(ctx.oidc.params.device_code);

  if (!record || record.client_id !== ctx.oidc.client.clientId) {
    throw new errors.InvalidGrant('device code not found');
  }
  if (tooFast(app, record)) {
    throw new errors.SlowDown();
  }
  if (record.redeemed) {
    throw new errors.InvalidGrant('device code already used');
  }
  if (record.exp <= now() && (record.approval || versionOf(app).plainErrors)) {
    throw new errors.ExpiredToken('The device code has expired.');
  }
  if (!record.approval) {
    throw new errors.AuthorizationPending('The authorization request is still pending.');
  }
  return record;
}

// The grant's handler for oidc-provider's token endpoint.
export function registerDeviceGrant(app, provider) {
  provider.registerGrantType(DEVICE_GRANT, async (ctx) => {
    const record = findApproved(app, ctx);
    const { sub, auth_time: authTime, amr, claims } = record.approval;
    const { client } = ctx.oidc;

    if (!app.accounts.forToken(ctx, sub)) {
      throw new errors.InvalidGrant('referenced account not found');
    }
    app.store.update('Device', record.device_code, { redeemed: true });
    ctx.state.approvedClaims = claims;

    const grant = new provider.Grant({ accountId: sub, clientId: client.clientId });

    grant.addOIDCScope(record.scope);
    const common = {
      accountId: sub,
      client,
      grantId: await grant.save(),
      gty: 'device_code',
      scope: record.scope,
    };
    const access = new provider.AccessToken(common);
    const refresh = new provider.RefreshToken({
      ...common, authTime, amr, nonce: record.nonce, rotations: 0, iiat: record.iat,
    });

    await access.save();
    ctx.body = { refresh_token: await refresh.save() };
    ctx.oidc.entity('AccessToken', access);
    ctx.oidc.entity('RefreshToken', refresh);
  }, ['device_code']);
}

