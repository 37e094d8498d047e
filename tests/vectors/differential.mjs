// SPDX-License-Identifier: BSD-2-Clause
//
// usage: differential.mjs VERIFY_BATCH [SEED [COUNT]]
//
// Tokens that a seed makes, verified by us and by independent implementations:
// npm's jose, and for some hundred of them Debian's jose. The verdicts and the
// payloads agree, or a rule of rules.mjs explains by name why not. Prints what
// was counted, in full what was left over, and last how many tokens passed and
// how many things failed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { compactVerify, createLocalJWKSet } from 'jose'
import { Random, base64url } from './mint.mjs'
import { algorithms, makeCase, makeKeys, mutations } from './mutate.mjs'
import { candidates, rulesFor } from './rules.mjs'

const [program, seed = '7515', count = '10000'] = process.argv.slice(2)
const cliCount = 400

// For each case "granted PAYLOAD", or the code of the reason.
function ours(cases) {
  const lines = cases.map(({ jwks, token }) =>
    `${JSON.stringify(jwks)}\t${base64url(token)}\n`)
  const { status, stdout, stderr } = spawnSync(program,
    { input: lines.join(''), maxBuffer: Infinity, encoding: 'utf8' })
  if (status !== 0) {
    throw new Error(`${program}: ${stderr}`)
  }
  return stdout.trimEnd().split('\n')
}

async function npmJose({ jwks, token }) {
  try {
    const { payload } = await compactVerify(
      token, createLocalJWKSet(jwks), { algorithms })
    return `granted ${base64url(payload)}`
  } catch (error) {
    return error.name
  }
}

// The command reads its key from a file.
function debianJose(directory) {
  const file = path.join(directory, 'key.jwk')
  const command = ['jws', 'ver', '-i', '-', '-k', file, '-O', '-']
  return async ({ jwks, token }) => {
    writeFileSync(file, JSON.stringify(jwks.keys[0]))
    const { status, stdout } = spawnSync('jose', command, { input: token })
    return status === 0 ? `granted ${base64url(stdout)}` : `status ${status}`
  }
}

// { agree, granted, explained, left, unused } of these cases.
async function compare(name, theirs, cases) {
  const verdicts = ours(cases)
  const rules = rulesFor(name)
  const result = { agree: 0, granted: 0, explained: new Map(), left: [] }
  for (const [i, one] of cases.entries()) {
    const we = verdicts[i]
    const they = await theirs(one)
    const granted = we.startsWith('granted')
    const side = granted ? 'granted' : 'refused'
    const rule = rules[side].find(([, applies]) => applies(one))
    if (granted === they.startsWith('granted') && (!granted || we === they)) {
      result.agree++
      result.granted += granted
    } else if (rule !== undefined && granted !== they.startsWith('granted')) {
      const text = `${side} by us alone: ${rule[0]}`
      result.explained.set(text, (result.explained.get(text) ?? 0) + 1)
    } else {
      result.left.push({ ...one, we, they })
    }
  }
  return result
}

// Returns what was not explained.
function report(name, cases, { agree, granted, explained, left }) {
  const sum = [...explained.values()].reduce((a, b) => a + b, 0)
  console.log(`${name}: ${cases.length} tokens: ${agree} agree` +
    ` (${granted} granted, ${agree - granted} refused), ${sum} explained by` +
    ` name, ${left.length} unexplained`)
  for (const [text, n] of [...explained].sort()) {
    console.log(`  ${n} ${text}`)
  }
  for (const { jwks, token, done, we, they } of left.slice(0, 20)) {
    console.log(`unexplained ${JSON.stringify(done)}: we ${we}, they ${they}`)
    console.log(`  ${JSON.stringify(jwks)}\n  ${base64url(token)}`)
  }
  return left.length
}

// Rules that explain nothing any more; only many tokens can tell.
function unusedRules(name, { explained }) {
  const { granted, refused } = rulesFor(name)
  const used = [...explained.keys()].map((text) => text.replace(/.*?: /, ''))
  const unused = [...granted, ...refused].map(([rule]) => rule)
    .filter((rule) => !used.includes(rule))
  unused.forEach((rule) => console.log(`explains nothing: ${rule}`))
  return unused.length
}

const random = new Random(seed)
const keys = makeKeys(random)
const cases = Array.from({ length: Number(count) }, () => makeCase(random, keys))
const used = new Set(cases.flatMap(({ done }) => done))
console.log(`seed ${seed}: ${cases.length} tokens, ${algorithms.length}` +
  ` algorithms, ${used.size} of ${mutations.length} mutations`)
const npm = await compare('npm jose', npmJose, cases)
let [passed, wrong] = [cases.length, report('npm jose', cases, npm)]
if (cases.length >= 10000) {
  wrong += mutations.length - used.size + unusedRules('npm jose', npm)
}

if (spawnSync('jose', ['jws', 'ver', '-h']).error === undefined) {
  // It does not choose by kid: it gets the key that is meant.
  const simple = cases.map((one) => ({ one, fit: candidates(one) }))
    .filter(({ fit }) => fit.length === 1).slice(0, cliCount)
    .map(({ one, fit }) => ({ ...one, jwks: { keys: fit } }))
  const directory = mkdtempSync(path.join(tmpdir(), 'hostpass-jose-'))
  const debian = await compare('Debian jose', debianJose(directory), simple)
  passed += simple.length
  wrong += report('Debian jose', simple, debian)
  rmSync(directory, { recursive: true })
} else {
  console.log('skip: Debian jose (not installed)')
}
console.log(`${Math.max(0, passed - wrong)} ${wrong}`)
process.exit(wrong > 0 ? 1 : 0)
