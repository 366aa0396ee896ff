// A certified OpenID provider (npm oidc-provider) for the Go tests: a second, independent opinion of the protocol.
//
//   node openid-provider.mjs REDIRECT_URI
//
// It listens on a free port, prints one line of JSON with its issuer, and ends when its input does. Who signs in as
// "ada.student" has the affiliation student. Each client has a signature algorithm of its own.
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const [redirectUri] = process.argv.slice(2)
const server = createServer()
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
const issuer = `http://127.0.0.1:${server.address().port}`

const client = (alg, method) => ({
  client_id: `laurel-${alg.toLowerCase()}`,
  client_secret: 'the secret of the client',
  redirect_uris: [redirectUri],
  response_types: ['code'],
  grant_types: ['authorization_code'],
  token_endpoint_auth_method: method,
  id_token_signed_response_alg: alg,
})
const key = (kind, options, alg) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }),
  kid: alg,
  alg,
  use: 'sig',
})

const provider = new Provider(issuer, {
  clients: [client('RS256', 'client_secret_basic'), client('ES256', 'client_secret_post')],
  jwks: { keys: [key('rsa', { modulusLength: 2048 }, 'RS256'), key('ec', { namedCurve: 'P-256' }, 'ES256')] },
  cookies: { keys: ['for this test alone'] },
  pkce: { required: () => true },
  claims: { openid: ['sub'], affiliation: ['eduperson_affiliation'] },
  // The claims stand in the ID token of one client, and in userinfo alone of the other.
  conformIdTokenClaims: false,
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, eduperson_affiliation: [id.split('.')[1] ?? 'member'] }),
  }),
})
server.on('request', provider.callback())
console.log(JSON.stringify({ issuer }))
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
