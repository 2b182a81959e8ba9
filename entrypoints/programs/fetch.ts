/** A host's engine as a `fetch`: what the OpenAI SDK, the AI SDK and plugin hosts call. */
import * as O from 'fp-ts/Option'
import type { Host, HostBody, HostFault } from './host'

/** Takes what the platform's own takes, and rejects where that does: when the caller has left. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

export const fetchOver =
  (host: Host): Fetch =>
  async (input, init) => {
    // One form for a text, a URL and a request; `duplex` is demanded where the body is a stream.
    const request = new Request(input, { ...init, duplex: 'half' })
    request.signal.throwIfAborted()
    const leaving = new AbortController()
    request.signal.addEventListener('abort', () => leaving.abort(), { once: true })
    const body = new Uint8Array(await request.arrayBuffer())
    const { headers, method, url } = request
    const gone = leaving.signal
    const asked = host({ method, url, headers: [...headers], body: [body], gone })
    const reply = await asked
    request.signal.throwIfAborted()
    return reply.match(
      (answer) =>
        new Response(streamOf(answer.body, leaving), {
          status: answer.status,
          headers: answer.headers.map(([name, value]): [string, string] => [name, value]),
        }),
      (never) => never,
    )
  }

const streamOf = (body: HostBody, leaving: AbortController): ReadableStream<Uint8Array> =>
  new ReadableStream({
    pull: async (stream) => {
      const piece = await body.next()
      if (piece.isErr()) stream.error(errorOf(piece.error))
      else if (O.isNone(piece.value)) stream.close()
      else stream.enqueue(piece.value.value)
    },
    cancel: () => {
      body.cancel()
      leaving.abort()
    },
  })

/** OpenCode takes a lost connection for one to try again, and any other words for the last. */
const errorOf = (fault: HostFault): Error =>
  new Error(
    fault._tag === 'ConnectionLost'
      ? 'connection lost: the answer ended before it was whole'
      : fault.message,
  )
