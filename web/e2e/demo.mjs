// Builds Laurel (or takes the program that LAUREL_BINARY names) and runs `laurel demo` on a free port with data of its own.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** until asks again and again until something is there, and says what was missed when it never is. */
export async function until(what, ask, patience = 30_000) {
  const end = Date.now() + patience
  for (;;) {
    const found = await ask()
    if (found) return found
    if (Date.now() > end) throw new Error(`${what}: not within ${patience} ms`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

async function built(path) {
  await promisify(execFile)('go', ['build', '-buildvcs=false', '-o', path, './cmd/laurel'], { cwd: repository })
  return path
}

/** startDemo resolves with the running demo: its origin, its config.json, its inbox, and how to stop it. */
export async function startDemo() {
  const directory = await mkdtemp(join(tmpdir(), 'laurel-browser-'))
  const binary = process.env.LAUREL_BINARY ?? (await built(join(directory, 'laurel')))
  const port = await freePort()
  const child = spawn(binary, ['demo', '--listen', `127.0.0.1:${port}`, '--data', join(directory, 'data')], {
    // The receiver of webhooks is on this machine too.
    env: { ...process.env, LAUREL_OUTGOING_ALLOW_PRIVATE: 'true' },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const ended = once(child, 'exit')
  process.on('exit', () => child.kill('SIGKILL'))
  const origin = `http://localhost:${port}`
  const config = await until('the demo starts', async () => {
    if (child.exitCode !== null) throw new Error(`the demo ended:\n${output}`)
    const response = await fetch(`${origin}/demo/config.json`).catch(() => undefined)
    return response?.ok ? response.json() : undefined
  })

  /** mailTo waits for a mail that is newer than a moment, and returns it. */
  const mailTo = (address, since) =>
    until(`a mail to ${address}`, async () => {
      const mails = await (await fetch(`${origin}/demo/inbox.json?to=${encodeURIComponent(address)}`)).json()
      return mails.find((each) => Date.parse(each.sent_at) >= since)
    })

  const stop = async () => {
    child.kill('SIGTERM')
    const [code] = await ended
    await rm(directory, { recursive: true })
    if (code !== 0) throw new Error(`the demo ended with ${code}:\n${output}`)
  }
  return { origin, config, mailTo, stop, output: () => output }
}
