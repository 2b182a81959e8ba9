/**
 * A load client in a process of its own. Like the official CLI it keeps its connections; like the
 * backend of the bench it reads no more than it must.
 */
import { connect, type Socket } from 'node:net'
import { answerAsked } from './child'
import * as Answers from './answers'

export interface Load {
  readonly port: number
  /** The official sign-in's access token. */
  readonly bearer: string
  /** Connections; each has one request under way. */
  readonly streams: number
  /** Requests a connection makes. */
  readonly rounds: number
  /** Whether all requests of a round start at once, or each when the one before it has ended. */
  readonly isTogether: boolean
  readonly promptBytes: number
  readonly pace: Answers.Pace
}

export interface Measured {
  /** From the first byte of a request to the first event of its answer that a person would see, each. */
  readonly firstByteMs: ReadonlyArray<number>
  /** Between two events of one answer, each; only of paced answers. */
  readonly gapMs: ReadonlyArray<number>
  readonly tookMs: number
}

interface Seen {
  readonly firstByteMs: Array<number>
  readonly gapMs: Array<number>
}

/** The headers of a real request (some 1.5 kB without the token). */
const headOf = (load: Load, stream: number): string => {
  const thread = `019a0000-0000-7000-8000-${String(stream).padStart(12, '0')}`
  const metadata = JSON.stringify({ thread_id: thread, sandbox: 'none', text: '-'.repeat(500) })
  return [
    'POST /backend-api/codex/responses HTTP/1.1',
    `host: 127.0.0.1:${load.port}`,
    'version: 0.169.0',
    'x-codex-beta-features: remote_compaction_v2',
    `x-codex-window-id: ${thread}:0`,
    `x-codex-turn-metadata: ${metadata}`,
    'x-codex-routing-hint: model=gpt-5.2-codex',
    `x-client-request-id: ${thread}`,
    `session-id: ${thread}`,
    `thread-id: ${thread}`,
    'accept: text/event-stream',
    'content-encoding: zstd',
    'content-type: application/json',
    `authorization: Bearer ${load.bearer}`,
    'chatgpt-account-id: 51a00000-0000-4000-8000-000000000001',
    'originator: codex_exec',
    'user-agent: codex_exec/0.169.0 (Debian 12.0.0; x86_64) xterm (codex_exec; 0.169.0)',
    `${Answers.paceHeader}: ${Answers.paceText(load.pace)}`,
    `content-length: ${load.promptBytes}`,
    '\r\n',
  ].join('\r\n')
}

const eventsIn = (piece: Buffer): number => {
  let count = 0
  for (
    let at = piece.indexOf(Answers.eventEnd);
    at >= 0;
    at = piece.indexOf(Answers.eventEnd, at + 2)
  )
    count += 1
  return count
}

interface Stream {
  /** Ends with the answer. */
  readonly request: (seen: Seen) => Promise<void>
  readonly close: () => void
}

const openStream = async (load: Load, stream: number): Promise<Stream> => {
  const request = Buffer.concat([
    Buffer.from(headOf(load, stream)),
    Buffer.alloc(load.promptBytes, 'p'),
  ])
  const socket: Socket = connect({ host: '127.0.0.1', port: load.port, noDelay: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  const isPaced = load.pace._tag === 'Paced'
  let onPiece: (piece: Buffer) => void = () => undefined
  let onCut: () => void = () => undefined
  socket.on('data', (piece) => onPiece(piece as Buffer))
  socket.on('close', () => onCut())
  return {
    close: () => socket.destroy(),
    request: (seen) =>
      new Promise((resolve, reject) => {
        let eventAt: number | undefined
        let isVisible = false
        let tail = ''
        const began = performance.now()
        onCut = () => reject(new Error('The proxy cut a connection.'))
        onPiece = (piece) => {
          const now = performance.now()
          if (tail === '' && piece.subarray(0, 12).toString('latin1') !== 'HTTP/1.1 200')
            return reject(new Error(`The proxy answered: ${piece.toString('latin1')}`))
          if (!isVisible && piece.includes(Answers.visible)) {
            isVisible = true
            seen.firstByteMs.push(now - began)
          }
          if (isPaced) {
            const events = eventsIn(piece)
            // The first part's events come at once; of events that arrive together all but one waited.
            if (eventAt !== undefined && events > 0) seen.gapMs.push(now - eventAt)
            if (eventAt !== undefined) for (let at = 1; at < events; at += 1) seen.gapMs.push(0)
            if (events > 0) eventAt = now
          }
          tail = (tail + piece.subarray(-5).toString('latin1')).slice(-5)
          if (tail === Answers.lastChunk) resolve()
        }
        socket.write(request)
      }),
  }
}

/** Once round untimed, so that every connection stands and every path is compiled. */
const run = async (load: Load): Promise<Measured> => {
  const streams = await Promise.all(
    Array.from({ length: load.streams }, (_, index) => openStream(load, index)),
  )
  const warmUp: Seen = { firstByteMs: [], gapMs: [] }
  await Promise.all(streams.map((stream) => stream.request(warmUp)))
  const seen: Seen = { firstByteMs: [], gapMs: [] }
  const rounds = Array.from({ length: load.rounds })
  const began = performance.now()
  if (load.isTogether) {
    for (const _ of rounds) await Promise.all(streams.map((stream) => stream.request(seen)))
  } else {
    await Promise.all(
      streams.map(async (stream) => {
        for (const _ of rounds) await stream.request(seen)
      }),
    )
  }
  const tookMs = performance.now() - began
  for (const stream of streams) stream.close()
  return { ...seen, tookMs }
}

answerAsked((load) => run(load as Load))
