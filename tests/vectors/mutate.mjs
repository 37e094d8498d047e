// SPDX-License-Identifier: BSD-2-Clause
//
// Tokens: one in eight is right, the others have one or two things done to
// their header, their key set or, when they are signed, their bytes. A case is
// { jwks, token, done }: done names what was done to it.
import { base64url, makeKey, sign, signEcdsa } from './mint.mjs'

const kinds = {
  RS256: 'RSA', RS384: 'RSA', RS512: 'RSA',
  PS256: 'RSA', PS384: 'RSA', PS512: 'RSA',
  ES256: 'P-256', ES384: 'P-384', ES512: 'P-521', EdDSA: 'Ed25519'
}
export const algorithms = Object.keys(kinds)

const foreign = ['none', 'None', '', 'HS256', 'HS512', 'rs256', 'RS256 ',
  'ES256K', 'Ed25519', 'Ed448', 'RSA1_5', 'A256GCM', 'ML-DSA-44', 'constructor']

// Two keys of each kind that is used, one of those that are not.
export function makeKeys(random) {
  const of = (...names) => names.map((name) => makeKey(random, name))
  return {
    RSA: of('RSA-2048', 'RSA-2048'),
    'P-256': of('P-256', 'P-256'),
    'P-384': of('P-384', 'P-384'),
    'P-521': of('P-521', 'P-521'),
    Ed25519: of('Ed25519', 'Ed25519'),
    others: of('secp256k1', 'RSA-1024')
  }
}

const set = (name, ...values) => ({ header, random }) => {
  header[name] = random.pick(values)
}

const setKey = (name, ...values) => ({ jwk, random }) => {
  jwk[name] = random.pick(values)
}

// Change the bytes of one of the numbers of a key that has any.
const setNumber = (change) => ({ jwk, random }) => {
  const names = ['n', 'x', 'y'].filter((key) => typeof jwk[key] === 'string')
  if (names.length > 0) {
    const name = random.pick(names)
    jwk[name] = base64url(change(Buffer.from(jwk[name], 'base64url'), random))
  }
}

// What is done before the token is signed: to the header, the set, the keys.
const dress = {
  'header: typ': set('typ', 'JWT', 'at+jwt', 7),
  'header: unknown': set('x-unknown', 1, null, 'a', { a: [1] }, 'é'),
  'header: certificate': set('x5c', ['MIIB'], 'MIIB'),
  'header: key': set('jwk', { kty: 'oct', k: 'AAAA' }, null),
  'header: key link': set('jku', 'https://example.com/jwks', null),
  'header: certificate link': set('x5u', 'https://example.com/x', ''),
  'header: crit': set('crit', [], ['exp'], ['b64'], ['alg'], null, 'b64'),
  'header: b64': set('b64', true, false, null),
  'header: b64 and crit': (made) => {
    made.header.b64 = made.random.chance(50)
    made.header.crit = ['b64']
  },
  'alg: another': ({ header, random }) => {
    header.alg = random.pick(algorithms)
  },
  'alg: foreign': ({ header, random }) => {
    header.alg = random.pick(foreign)
  },
  'alg: no text': set('alg', null, 7, ['RS256'], { alg: 'RS256' }, true),
  'alg: none': ({ header }) => {
    delete header.alg
  },
  'signed by another alg': (made) => {
    made.how = made.random.pick(algorithms)
  },
  'signed by another key': (made) => {
    made.key = made.keys[made.key.kind].find((key) => key !== made.key)
  },
  'signed as HMAC': (made) => {
    made.how = 'HS256'
  },
  'kid: none': ({ header }) => {
    delete header.kid
  },
  'kid: other': set('kid', '', 'a ', 'A', 'b', 'a\u0000', 'a'.repeat(2000)),
  'kid: no text': set('kid', null, 7, ['a'], false),
  'kid: key has none': ({ jwk }) => {
    delete jwk.kid
  },
  'kid: of the key is no text': setKey('kid', 7, null, ['a']),
  'kid: neither has one': ({ header, jwk }) => {
    delete header.kid
    delete jwk.kid
  },
  'key: use': setKey('use', 'sig', 'enc', 'SIG', '', 7, null),
  'key: ops': setKey('key_ops', ['verify'], ['sign'], [], ['encrypt'],
    ['sign', 'verify'], ['verify', 'verify'], 'verify', [7], null),
  'key: alg': ({ jwk, random }) => {
    jwk.alg = random.pick([...algorithms, 'RSA-OAEP', 'HS256', 7, null])
  },
  'key: kty': setKey('kty', 'RSA', 'EC', 'OKP', 'oct', 'AKP', 'rsa', 7),
  'key: crv': setKey('crv', 'P-256', 'P-384', 'P-521', 'secp256k1',
    'Ed25519', 'X25519', 'Ed448', 7),
  'key: a number is changed': setNumber((bytes, random) => {
    bytes[random.below(bytes.length)] ^= 1 << random.below(8)
    return bytes
  }),
  'key: a number is short': setNumber((bytes) => bytes.subarray(1)),
  'key: a number is long': setNumber((bytes) =>
    Buffer.concat([Buffer.alloc(1), bytes])),
  'key: a number is padded': ({ jwk }) => {
    jwk['n' in jwk ? 'n' : 'x'] += '='
  },
  'key: x and y are swapped': ({ jwk }) => {
    if (jwk.y !== undefined) {
      [jwk.x, jwk.y] = [jwk.y, jwk.x]
    }
  },
  'key: a member is missing': ({ jwk, random }) => {
    delete jwk[random.pick(Object.keys(jwk))]
  },
  'key: exponent': (made) => {
    if (made.jwk.kty === 'RSA') {
      made.jwk.e = made.random.pick(['AQ', 'Ag', 'Aw', 'AA', '', 'AQAA'])
    }
  },
  'key: private': ({ jwk }) => {
    jwk.d = jwk.n ?? jwk.x
  },
  'set: one key': (made) => {
    made.set = [made.jwk]
  },
  'set: empty': (made) => {
    made.set = []
  },
  'set: other keys': (made) => {
    made.set = made.set.filter((jwk) => jwk !== made.jwk)
  },
  'set: the same kid twice': ({ set: jwks, jwk }) => {
    jwks.filter((other) => other.kty === jwk.kty).forEach((other) => {
      other.kid = jwk.kid
    })
  },
  'set: unknown keys': ({ set: jwks, keys }) => {
    jwks.unshift({ kty: 'AKP', kid: 'a' }, { kty: 'oct', k: 'AA', kid: 'a' },
      {}, ...keys.others.map(({ jwk }) => ({ ...jwk, kid: 'a' })))
  },
  'key: of a kind that is not used': (made) => {
    made.key = made.random.pick(made.keys.others)
    made.jwk = { ...made.key.jwk, kid: made.header.kid }
    made.set = [made.jwk]
  },
  'payload: empty': (made) => {
    made.payload = Buffer.alloc(0)
  },
  'payload: long': (made) => {
    made.payload = Buffer.alloc(made.random.pick([390000, 393000, 394000]), ' ')
  },
  'payload: any bytes': (made) => {
    made.payload = made.random.bytes(made.random.below(200))
  }
}

// What is done to the text of the header, before it is signed.
const spell = {
  'json: spaces': (text) => text.replaceAll(',', ' ,\r\n\t'),
  'json: escapes': (text) => text.replace('"alg"', '"\\u0061l\\u0067"'),
  'json: a member twice': (text, random) =>
    `${random.pick(['{"alg":"none",', '{"kid":"b",', '{"a":1,"a":2,'])}${
      text.slice(1)}`,
  'json: a member twice, escaped': (text) => `{"\\u0061lg":"none",${
    text.slice(1)}`,
  'json: half a surrogate': (text) => `{"a":"\\ud800",${text.slice(1)}`,
  'json: NUL escaped': (text) => `{"a":"\\u0000",${text.slice(1)}`,
  'json: NUL': (text) => `{"a":"\0",${text.slice(1)}`,
  'json: deep': (text, random) => {
    const depth = random.pick([3, 14, 15, 16, 40])
    return `{"a":${'['.repeat(depth)}${']'.repeat(depth)},${text.slice(1)}`
  },
  'json: not strict': (text, random) => random.pick([
    `${text} x`, `${text}{}`, text.slice(0, -1), `[${text}]`, '""', '7', 'null',
    text.replace('}', ',}'), text.replaceAll('"', "'"), `/* */${text}`,
    text.replace('{', '{a:1,'), text.replace('{', '{"a":NaN,'),
    text.replace('{', '{"a":01,'), text.replace('{', '{"a":+1,'),
    text.replace('{', '{"a":"\t",'), text.replace('{', '{"a":1e999,')]),
  'json: byte order mark': (text) => `\ufeff${text}`,
  'json: no UTF-8': (text) => Buffer.concat(
    [Buffer.from('{"a":"\xff\xc0\x80",', 'latin1'), Buffer.from(text.slice(1))])
}

// What is done to the parts before they are signed.
const loosen = {
  'base64url: padded': (text) => `${text}=`,
  'base64url: padded in full': (text) =>
    text + '='.repeat((4 - (text.length % 4)) % 4),
  'base64url: spaces': (text) => `${text.slice(0, 3)} ${text.slice(3)}`,
  'base64url: line feed': (text) => `${text}\n`,
  'base64url: other alphabet': (text) =>
    text.replaceAll('-', '+').replaceAll('_', '/'),
  'base64url: one more': (text) => `${text}A`,
  'base64url: loose end': (text) => looseEnd(text)
}

const alphabet =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

// The bits that are left over in the last character are not 0 any more.
function looseEnd(text) {
  const last = alphabet.indexOf(text.at(-1))
  return text.length % 4 === 0 || last < 0
    ? text : text.slice(0, -1) + alphabet[last | 1]
}

const atPart = (change) => (parts, made) => {
  const i = made.random.below(parts.length)
  parts[i] = change(parts[i], made.random)
}

const atSignature = (change) => (parts, made) => {
  parts[2] = base64url(change(Buffer.from(parts[2], 'base64url'), made))
}

// What is done to the token when it is signed.
const damage = {
  'bits: one is flipped': (parts, { random }) => {
    const i = random.pick(parts.map((_, n) => n).filter((n) => parts[n]))
    const bytes = Buffer.from(parts[i], 'latin1')
    bytes[random.below(bytes.length)] ^= 1 << random.below(8)
    parts[i] = bytes.toString('latin1')
  },
  'characters: one is another': atPart((text, random) => {
    const i = random.below(text.length + 1)
    return text.slice(0, i) + random.pick(alphabet) + text.slice(i + 1)
  }),
  'characters: case': atPart((text, random) => {
    const i = random.below(text.length + 1)
    const c = text.charAt(i)
    return text.slice(0, i) + (c === c.toLowerCase()
      ? c.toUpperCase() : c.toLowerCase()) + text.slice(i + 1)
  }),
  'characters: cut': atPart((text, random) =>
    text.slice(0, random.below(text.length + 1))),
  'characters: more': atPart((text, random) =>
    text + random.pick(['A', 'AA', 'AAAA', '.', '\0', '\n', ' ', 'é'])),
  'parts: one is missing': (parts, { random }) => {
    parts.splice(random.below(3), 1)
  },
  'parts: one more': (parts, { random }) => {
    parts.splice(random.below(4), 0, random.pick(['', 'e30', parts[0]]))
  },
  'parts: one is empty': (parts, { random }) => {
    parts[random.below(3)] = ''
  },
  'parts: swapped': (parts) => {
    parts.reverse()
  },
  'payload: another': (parts) => {
    parts[1] = base64url('{"sub":"root"}')
  },
  'header: none, no signature': (parts) => {
    parts[0] = base64url('{"alg":"none"}')
    parts[2] = ''
  },
  'signature: one byte less': atSignature((bytes) => bytes.subarray(1)),
  'signature: a zero before': atSignature((bytes) =>
    Buffer.concat([Buffer.alloc(1), bytes])),
  'signature: a zero after': atSignature((bytes) =>
    Buffer.concat([bytes, Buffer.alloc(1)])),
  'signature: zeros': atSignature((bytes) => Buffer.alloc(bytes.length)),
  'signature: halves swapped': atSignature((bytes) => Buffer.concat(
    [bytes.subarray(bytes.length / 2), bytes.subarray(0, bytes.length / 2)])),
  'signature: in DER': atSignature((bytes) => {
    const half = bytes.length / 2
    const integer = (part) => Buffer.concat(
      [Buffer.from([2, part.length + 1, 0]), part])
    const both = Buffer.concat([integer(bytes.subarray(0, half)),
      integer(bytes.subarray(half))])
    return half % 1 ? bytes
      : Buffer.concat([Buffer.from([0x30, both.length & 0x7f]), both])
  }),
  'signature: the other s': (parts, made) => {
    if (made.key.order !== undefined) {
      const bits = Number(made.how.slice(2)) || 256
      parts[2] = base64url(signEcdsa(made.random, made.key, bits,
        Buffer.from(`${parts[0]}.${parts[1]}`), true))
    }
  },
  ...Object.fromEntries(Object.entries(loosen).map(([name, change]) =>
    [`signed, then ${name}`, (parts, { random }) => {
      const i = random.below(3)
      parts[i] = change(parts[i])
    }]))
}

// All that can be done, by the step in which it is.
const steps = [dress, spell, loosen, damage]
const all = steps.flatMap((step, n) =>
  Object.keys(step).map((name) => ({ step: n, name })))
export const mutations = all.map(({ name }) => name)

function begin(random, keys) {
  const alg = random.pick(algorithms)
  const which = random.below(2)
  const kid = ['a', 'b'][which]
  const jwks = Object.keys(keys).filter((kind) => kind !== 'others')
    .flatMap((kind) => keys[kind].map((key, i) =>
      ({ ...key.jwk, kid: ['a', 'b'][i] })))
  const key = keys[kinds[alg]][which]
  const jwk = jwks.find((one) => (one.n ?? one.x) === (key.jwk.n ?? key.jwk.x))
  const payload = Buffer.from(JSON.stringify(
    { iss: 'https://id.example.com', sub: base64url(random.bytes(9)) }))
  return {
    random, keys, key, jwk, payload, how: alg, header: { alg, kid }, set: jwks
  }
}

// A case. Each step is a function of what the step before it made.
export function makeCase(random, keys) {
  const made = begin(random, keys)
  const count = random.pick([0, 1, 1, 1, 1, 1, 1, 2])
  const todo = Array.from({ length: count }, () => random.pick(all))
    .filter(({ step }, i, list) => i === 0 || step !== list[0].step)
  const apply = (step, change) => todo.filter((one) => one.step === step)
    .forEach(({ name }) => change(steps[step][name]))
  let header, parts

  apply(0, (change) => change(made))
  header = JSON.stringify(made.header)
  apply(1, (change) => {
    header = change(header.toString(), random)
  })
  parts = [base64url(header), base64url(made.payload)]
  apply(2, (change) => {
    const i = random.below(2)
    parts[i] = change(parts[i])
  })
  parts[2] = base64url(
    sign(random, made.key, made.how, Buffer.from(parts.join('.'))))
  apply(3, (change) => change(parts, made))
  return {
    jwks: { keys: made.set },
    token: Buffer.from(parts.join('.'), 'latin1'),
    done: todo.map(({ name }) => name)
  }
}
