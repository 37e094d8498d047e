// SPDX-License-Identifier: BSD-2-Clause
//
// Keys and signatures that are the same each time: all that is random comes
// from a seed, also where node has its own idea of it (keys, the nonce of
// ECDSA, the salt of RSASSA-PSS).
import crypto from 'node:crypto'

export const base64url = (data) => Buffer.from(data).toString('base64url')

// A stream of bytes that depends on nothing but the seed.
export class Random {
  constructor(seed) {
    const key = crypto.createHash('sha256').update(String(seed)).digest()
    this.cipher = crypto.createCipheriv('aes-256-ctr', key, Buffer.alloc(16))
  }

  bytes(length) {
    return this.cipher.update(Buffer.alloc(length))
  }

  below(limit) {
    return this.bytes(6).readUIntBE(0, 6) % limit
  }

  chance(percent) {
    return this.below(100) < percent
  }

  pick(list) {
    return list[this.below(list.length)]
  }
}

const number = (bytes) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)

const bytesOf = (value, length) =>
  Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex')

function inverse(value, modulus) {
  let [a, b, x, y] = [((value % modulus) + modulus) % modulus, modulus, 1n, 0n]
  while (a !== 0n) {
    [a, b, x, y] = [b % a, a, y - (b / a) * x, x]
  }
  return ((y % modulus) + modulus) % modulus
}

function prime(random, bits) {
  const top = 3n << BigInt(bits - 2)
  let candidate = number(random.bytes(bits / 8)) | top | 1n
  while (!crypto.checkPrimeSync(candidate) || candidate % 65537n === 1n) {
    candidate += 2n
  }
  return candidate
}

function makeRsa(random, bits) {
  const [p, q, e] = [prime(random, bits / 2), prime(random, bits / 2), 65537n]
  const d = inverse(e, (p - 1n) * (q - 1n))
  const text = (value, length) => base64url(bytesOf(value, length))
  const jwk = { kty: 'RSA', n: text(p * q, bits / 8), e: 'AQAB' }
  const secret = crypto.createPrivateKey({
    format: 'jwk',
    key: {
      ...jwk,
      d: text(d, bits / 8),
      p: text(p, bits / 16),
      q: text(q, bits / 16),
      dp: text(d % (p - 1n), bits / 16),
      dq: text(d % (q - 1n), bits / 16),
      qi: text(inverse(q, p), bits / 16)
    }
  })
  return { jwk, secret, size: bits / 8 }
}

// The orders of the curves (SEC 2).
const curves = {
  'P-256': ['prime256v1', 32, `ffffffff00000000ffffffffffffffff
    bce6faada7179e84f3b9cac2fc632551`],
  'P-384': ['secp384r1', 48, `ffffffffffffffffffffffffffffffffffffffffffffffff
    c7634d81f4372ddf581a0db248b0a77aecec196accc52973`],
  'P-521': ['secp521r1', 66, `1
    ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
    fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`],
  secp256k1: ['secp256k1', 32, `fffffffffffffffffffffffffffffffe
    baaedce6af48a03bbfd25e8cd0364141`]
}

function point(name, size, scalar) {
  const dh = crypto.createECDH(name)
  dh.setPrivateKey(bytesOf(scalar, size))
  const both = dh.getPublicKey().subarray(1)
  return [both.subarray(0, size), both.subarray(size)]
}

function makeEc(random, crv) {
  const [name, size, hex] = curves[crv]
  const order = BigInt(`0x${hex.replace(/\s/g, '')}`)
  const secret = 1n + (number(random.bytes(size + 8)) % (order - 1n))
  const [x, y] = point(name, size, secret)
  const jwk = { kty: 'EC', crv, x: base64url(x), y: base64url(y) }
  return { jwk, secret, name, size, order }
}

function makeEd25519(random) {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
  const secret = crypto.createPrivateKey({
    key: Buffer.concat([prefix, random.bytes(32)]),
    format: 'der',
    type: 'pkcs8'
  })
  return { jwk: crypto.createPublicKey(secret).export({ format: 'jwk' }), secret }
}

// kind: RSA-BITS, a curve or Ed25519. Returns { kind, jwk, secret, ... }.
export function makeKey(random, kind) {
  const [type, bits] = kind.split('-')
  if (type === 'RSA') {
    return { kind: 'RSA', ...makeRsa(random, Number(bits)) }
  }
  return { kind, ...(curves[kind] ? makeEc(random, kind) : makeEd25519(random)) }
}

const hash = (bits, ...data) => {
  const state = crypto.createHash(`sha${bits}`)
  data.forEach((part) => state.update(part))
  return state.digest()
}

// RFC 8017 9.1.1, with a salt as long as the hash or what saltLength says.
function encodePss(random, key, bits, data, saltLength) {
  const room = key.size - bits / 8 - 2
  const salt = random.bytes(Math.min(saltLength, room))
  const digest = hash(bits, Buffer.alloc(8), hash(bits, data), salt)
  const db = Buffer.alloc(key.size - digest.length - 1)
  db[db.length - salt.length - 1] = 1
  salt.copy(db, db.length - salt.length)
  for (let i = 0, counter = 0; i < db.length; counter++) {
    const mask = hash(bits, digest, bytesOf(BigInt(counter), 4))
    for (let j = 0; j < mask.length && i < db.length; i++, j++) {
      db[i] ^= mask[j]
    }
  }
  db[0] &= 0x7f
  return Buffer.concat([db, digest, Buffer.from([0xbc])])
}

// RFC 7518 3.4. high: the other one of the two signatures that are right.
export function signEcdsa(random, key, bits, data, high = false) {
  const { name, size, order } = key
  const nonce = 1n + (number(random.bytes(size + 8)) % (order - 1n))
  const excess = Math.max(0, bits - order.toString(2).length)
  const z = number(hash(bits, data)) >> BigInt(excess)
  const r = number(point(name, size, nonce)[0]) % order
  let s = (inverse(nonce, order) * (z + r * key.secret)) % order
  if (s > order / 2n !== high) {
    s = order - s
  }
  return Buffer.concat([bytesOf(r, size), bytesOf(s, size)])
}

// Sign as alg says, whatever the key was made for; nothing if it cannot.
export function sign(random, key, alg, data) {
  const bits = Number(alg.slice(2)) || 256
  if (alg.startsWith('HS')) {
    return crypto.createHmac(`sha${bits}`, JSON.stringify(key.jwk))
      .update(data).digest()
  }
  if (key.kind === 'Ed25519') {
    return crypto.sign(null, data, key.secret)
  }
  if (key.kind !== 'RSA') {
    return signEcdsa(random, key, bits, data, random.chance(50))
  }
  if (alg.startsWith('PS')) {
    const length = random.chance(5) ? random.below(20) : bits / 8
    return crypto.privateEncrypt(
      { key: key.secret, padding: crypto.constants.RSA_NO_PADDING },
      encodePss(random, key, bits, data, length))
  }
  return crypto.sign(`sha${bits}`, data, key.secret)
}
