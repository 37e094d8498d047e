// SPDX-License-Identifier: BSD-2-Clause
// Where Pocket ID has its endpoints.

export const PATHS = {
  authorization: '/authorize',
  token: '/api/oidc/token',
  userinfo: '/api/oidc/userinfo',
  endSession: '/api/oidc/end-session',
  introspection: '/api/oidc/introspect',
  device: '/api/oidc/device/authorize',
  par: '/api/oidc/par',
  jwks: '/.well-known/jwks.json',
  openidConfiguration: '/.well-known/openid-configuration',
  oauthServer: '/.well-known/oauth-authorization-server',
};
