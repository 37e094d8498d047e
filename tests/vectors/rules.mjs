// SPDX-License-Identifier: BSD-2-Clause
//
// Where we differ from others on purpose. A rule that is used has the verdict
// that is ours, and a test of the case that does not look at verdicts.

const canonical = (text) =>
  Buffer.from(text, 'base64url').toString('base64url') === text

const parts = ({ token }) => token.toString('latin1').split('.')

const headerText = (one) => Buffer.from(parts(one)[0], 'base64url').toString()

function header(one) {
  try {
    const value = JSON.parse(headerText(one).replace(/^\ufeff/, ''))
    return value !== null && typeof value === 'object' ? value : {}
  } catch {
    return {}
  }
}

const has = (...names) => (one) =>
  names.some((name) => Object.hasOwn(header(one), name))

const depth = (value) => (value !== null && typeof value === 'object'
  ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0)

const didTo = (...names) => ({ done }) =>
  done.some((name) => names.some((start) => name.startsWith(start)))

// The keys of the set that somebody who looks at kty, crv and kid would take.
export const candidates = (one) => {
  const { alg = '', kid } = header(one)
  const kty = { R: 'RSA', P: 'RSA', E: alg === 'EdDSA' ? 'OKP' : 'EC' }[
    String(alg)[0]]
  const crv = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }[alg]
  return one.jwks.keys.filter((jwk) => jwk.kty === kty &&
    (crv === undefined || jwk.crv === crv) &&
    (kid === undefined || jwk.kid === kid))
}

const refusedByUs = [
  ['base64url is read strictly (RFC 7515 2)',
    (one) => parts(one).some((part) => !canonical(part))],
  ['crit and b64 are not understood', has('crit', 'b64')],
  ['a header that brings a key along is refused', has('jwk', 'jku', 'x5u')],
  ['no member of an object is there twice (RFC 7515 4)',
    didTo('json: a member twice')],
  ['text is well-formed and has no NUL',
    (one) => /\\u0000|\\ud800/.test(headerText(one)) ||
      JSON.stringify(header(one)).includes('\\u0000')],
  ['no byte order mark before JSON (RFC 8259 8.1)',
    (one) => headerText(one).startsWith('\ufeff')],
  ['JSON is not deeper than 16', (one) => depth(header(one)) > 16],
  ['a token is not longer than 512 KiB', ({ token }) => token.length > 524288],
  ['numbers of a key are base64url, coordinates of full length',
    didTo('key: a number is')],
  ['a number is one that a double can hold', (one) =>
    /1e999/.test(headerText(one))]
]

const grantedByUs = [
  ['of keys with one kid, the first that can be used is taken (RFC 7517 5)',
    (one) => header(one).kid !== undefined && candidates(one).length > 1],
  ['a private key is read for its public half',
    (one) => candidates(one).some((jwk) => jwk.d !== undefined)],
  ['key_ops may have more than one verify',
    (one) => candidates(one).some(({ key_ops: ops }) =>
      Array.isArray(ops) && ops.includes('verify') && ops.length > 1)]
]

// What only one of the others does.
const grantedByUsOnly = {
  'Debian jose': [
    ['EdDSA is known to us', (one) => header(one).alg === 'EdDSA']
  ]
}
const refusedByUsOnly = {
  'Debian jose': [
    ['nothing comes after the third part',
      didTo('characters: more', 'parts: one more')],
    ['a key that has an alg is for no other (RFC 7517 4.4)',
      (one) => candidates(one).some(({ alg }) =>
        alg !== undefined && alg !== header(one).alg)]
  ]
}

// All rules by which we differ from this one of the others.
export const rulesFor = (peer) => ({
  granted: [...grantedByUs, ...(grantedByUsOnly[peer] ?? [])],
  refused: [...refusedByUs, ...(refusedByUsOnly[peer] ?? [])]
})
