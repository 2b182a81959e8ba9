/**
 * Stands for OpenCode, in its runtime: loads the plugin of this file, takes over the provider, and asks
 * the model once in each conversation it is told of, with what the request brings, as JSON in a line. Says
 * what it heard in the same way.
 */
import { createInterface } from 'node:readline'
import { askedIn, drained } from './host-seen'

const [plugin = ''] = process.argv.slice(2)

let stored: unknown

/** What the host hears of us beside the answers; the real one shows it. */
const client = {
  auth: { set: async ({ body }: { readonly body: unknown }) => void (stored = body) },
  app: { log: async () => undefined },
  tui: { showToast: async () => undefined },
}

const main = async (): Promise<void> => {
  const { server } = (await import(plugin)).default
  const { auth } = await server({ client, directory: process.cwd() })
  const { apiKey, fetch } = await auth.loader(async () => stored)
  console.log(JSON.stringify({ apiKey, runtime: process.versions['bun'] ?? '' }))
  for await (const line of createInterface({ input: process.stdin })) {
    const { conversation, ...way } = JSON.parse(line)
    const asked = askedIn(conversation, way)
    const response: Response = await fetch('https://api.openai.com/v1/responses', asked)
    const headers = [...response.headers.keys()]
    console.log(JSON.stringify({ status: response.status, headers, ...(await drained(response)) }))
  }
  process.exit(0)
}

void main()
