// node main.mjs --issuer https://gateway.example --store sto_… --algs ES256
//
// Reads one JSON object a line, {"token": "…", "cart": {…}}, and writes one a line: {"valid": true, "offer": "off_…"} or
// {"valid": false, "reason": "…"}. Run npm install first, or name an installation of jose with --jose.
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { Verifier } from './verify.mjs'

const { values } = parseArgs({
  options: {
    issuer: { type: 'string' },
    store: { type: 'string' },
    gateway: { type: 'string' },
    algs: { type: 'string', default: 'ES256' },
    jose: { type: 'string', default: 'jose' },
  },
})
const jose = await import(values.jose)
const verifier = new Verifier(jose, { ...values, algs: values.algs.split(',') })
for await (const line of createInterface({ input: process.stdin })) {
  const { token, cart } = JSON.parse(line)
  let verdict
  try {
    const claims = await verifier.verify(token, cart)
    verdict = { valid: true, offer: claims.offer, group: claims.group }
  } catch (error) {
    verdict = { valid: false, reason: error.message }
  }
  console.log(JSON.stringify(verdict))
}
