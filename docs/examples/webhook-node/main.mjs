// A webhook endpoint: node main.mjs --secrets FILE [--port N] [--library URL]
// FILE has one secret a line and is read for each message, so that a secret can be changed while this runs. It writes the
// address that it listens on, then a line of JSON for each message.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { Receiver } from './receive.mjs'

const { values } = parseArgs({
  options: { secrets: { type: 'string' }, port: { type: 'string', default: '0' }, library: { type: 'string', default: 'standardwebhooks' } },
})
const library = await import(values.library)
const { Webhook } = library.Webhook ? library : library.default

const receiver = new Receiver({
  Webhook,
  secrets: async () => (await readFile(values.secrets, 'utf8')).split('\n').filter(Boolean),
  handled: new Set(),
  handle: (id, event) => console.log(JSON.stringify({ id, event })),
})

const largest = 512 * 1024

const server = createServer(async (request, response) => {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    if ((size += chunk.length) > largest) return response.writeHead(413).end()
    chunks.push(chunk)
  }
  const status = await receiver.receive(request.headers, Buffer.concat(chunks)).catch(() => 500)
  if (status === 401) console.log(JSON.stringify({ refused: request.headers['webhook-id'] ?? '' }))
  response.writeHead(status).end()
})
server.listen(Number(values.port), '127.0.0.1', () => console.log(JSON.stringify({ address: `http://127.0.0.1:${server.address().port}` })))
