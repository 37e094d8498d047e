// SPDX-License-Identifier: BSD-2-Clause
// oidc-provider, set up to be Pocket ID: authorization, tokens, userinfo,
// keys. A new signing key means a new instance; the records are shared.

import { randomBytes } from 'node:crypto';
import { Provider, errors, interactionPolicy } from 'oidc-provider';
import { browserRoutes } from './browser.mjs';
import { deviceEndpoint, registerDeviceGrant } from './device.mjs';
import { faultyReplies } from './faults.mjs';
import { apiError } from './http.mjs';
import { PATHS } from './paths.mjs';
import { checkState, pocketIdEndpoints, pocketIdManners } from './pocketid.mjs';
import { adapterClass } from './store.mjs';
import { testDoor } from './testdoor.mjs';
import { adminApi } from './adminapi.mjs';
import { rewriteTokens } from './tokens.mjs';

const DAY = 24 * 3600;
const SESSION = 3600;
const { Check, Prompt, base } = interactionPolicy;

// Who may still be given tokens. A lost group is a 403, which is not what
// RFC 6749 says but what Pocket ID does; a disabled person is simply not there.
export class Accounts {
  constructor(app) {
    this.app = app;
  }

  forToken(ctx, sub) {
    const user = this.app.people.bySub(sub);

    if (!user || user.disabled) {
      return undefined;
    }
    if (!this.app.people.mayUse(user, this.app.clients.byId(ctx.oidc.client.clientId))) {
      throw Object.assign(
        new errors.AccessDenied('You\'re not allowed to access this service.'),
        { status: 403, statusCode: 403 },
      );
    }
    return user;
  }

  // oidc-provider's findAccount. Userinfo checks neither disabled nor groups.
  find(ctx, sub) {
    const user = ctx.oidc.route === 'token'
      ? this.forToken(ctx, sub)
      : this.app.people.bySub(sub);

    return user && {
      accountId: sub,
      claims: async (use, scope) => this.app.people.claims(user, scope),
    };
  }
}

// The person is known by our own browser session; oidc-provider's may not
// say anything else. Pocket ID asks native clients for no extra prompt.
function prompts(app) {
  const policy = base();

  policy.get('consent').checks.remove('native_client_prompt');
  policy.get('login').checks.add(new Check('other_session', 'sign in first', (ctx) => (
    app.sessions.of(ctx)?.sub === ctx.oidc.session.accountId
      ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT
  )));
  policy.add(new Prompt({ name: 'select_account', requestable: true }));
  return policy;
}

// Consent is implied by the client being in state.json.
async function grantEverything(ctx) {
  const { provider, client, session, result } = ctx.oidc;
  const grantId = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  const grant = (grantId && await provider.Grant.find(grantId))
    || new provider.Grant({ clientId: client.clientId, accountId: session.accountId });

  grant.addOIDCScope([...ctx.oidc.requestParamOIDCScopes].join(' '));
  await grant.save();
  return grant;
}

function settings(app, key) {
  return {
    adapter: adapterClass(app),
    jwks: { keys: [key.jwk] },
    cookies: { keys: [app.cookieKey] },
    scopes: ['openid', 'profile', 'email', 'groups', 'offline_access'],
    claims: {
      openid: ['sub'],
      profile: ['given_name', 'family_name', 'name', 'display_name', 'preferred_username', 'picture'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    enabledJWA: {
      idTokenSigningAlgValues: [key.alg],
      clientAuthSigningAlgValues: ['RS256', 'ES256', 'EdDSA'],
    },
    clientDefaults: { id_token_signed_response_alg: key.alg },
    routes: {
      authorization: PATHS.authorization,
      token: PATHS.token,
      userinfo: PATHS.userinfo,
      jwks: PATHS.jwks,
      pushed_authorization_request: PATHS.par,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: true },
    },
    interactions: { policy: prompts(app), url: (ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (ctx, sub) => app.accounts.find(ctx, sub),
    loadExistingGrant: grantEverything,
    issueRefreshToken: (ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    ttl: {
      AccessToken: () => app.config().access_token_ttl,
      AuthorizationCode: 15 * 60,
      ClientCredentials: () => app.config().access_token_ttl,
      Grant: 365 * DAY,
      IdToken: SESSION,
      Interaction: SESSION,
      RefreshToken: 30 * DAY,
      Session: SESSION,
    },
    expiresWithSession: () => false,
    renderError: (ctx, out) => app.pages.failure(ctx, out.error_description ?? out.error),
  };
}

async function catchAll(ctx, next) {
  try {
    await next();
  } catch (error) {
    console.error(error);
    apiError(ctx, 500, 'Something went wrong', 'internal_error');
  }
  if (ctx.status === 404 && !ctx.body) {
    apiError(ctx, 404, 'Not found', 'not_found');
  }
}

function build(app, key) {
  const provider = new Provider(app.issuer, settings(app, key));

  provider.RefreshToken.prototype.generateTokenId = () => (
    `pocket_id_rt_${randomBytes(32).toString('base64url')}.${randomBytes(32).toString('base64url')}`
  );
  provider.on('grant.error', (ctx, error) => {
    ctx.state.errorDetail = error.error_detail;
    console.log(`grant ${ctx.oidc.params?.grant_type}: ${error.error_detail ?? error.message}`);
  });
  provider.on('grant.success', (ctx) => {
    console.log(`grant ${ctx.oidc.params.grant_type}: ok`);
  });
  registerDeviceGrant(app, provider);
  for (const layer of [
    () => catchAll, pocketIdManners, faultyReplies, testDoor, adminApi, browserRoutes, deviceEndpoint,
    pocketIdEndpoints, checkState, rewriteTokens,
  ]) {
    provider.use(layer(app));
  }
  return { key, provider, handle: provider.callback() };
}

export class Engine {
  #current = null;

  constructor(app) {
    this.app = app;
  }

  get provider() {
    return this.#current.provider;
  }

  async handle(req, res) {
    const key = await this.app.keys.current();

    if (this.#current?.key !== key) {
      this.#current = build(this.app, key);
    }
    return this.#current.handle(req, res);
  }
}
