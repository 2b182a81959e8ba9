/** `opencode serve`, and a person who talks to it: the quick way to many turns. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { openCodeBinary, openCodeEnvironment, type Around } from './opencode'

export interface Said {
  /** What the model said in its last answer. */
  readonly text: string
  /** What the host says went wrong; empty when nothing did. */
  readonly error: string
  readonly took: number
}

export interface OpenCodeServer {
  readonly openSession: (terms?: SessionTerms) => Promise<Session>
  /** Ends what the host holds of the project in this folder. */
  readonly dispose: (directory: string) => Promise<void>
  /** Listens from now on to what the host tells of the project in the home's workspace. */
  readonly listen: () => Promise<Listening>
  /** Of the process, as the system tells it. */
  readonly pid: number
  readonly close: () => Promise<void>
}

export interface Listening {
  /** What the host was told to show the person, in order. */
  readonly toasts: () => ReadonlyArray<Toast>
  readonly stop: () => void
}

export interface Toast {
  readonly message: string
  readonly variant: string
}

export interface SessionTerms {
  /** Of the project; the home's workspace when left out. */
  readonly directory?: string
  /** The host asks the model for one when it is empty. */
  readonly title?: string
}

export interface Session {
  /** Under which its requests are sent. */
  readonly id: string
  readonly title: () => Promise<string>
  /** Whether the model is at its answer, and the host has begun to take it down. */
  readonly isHeard: () => Promise<boolean>
  readonly say: (text: string) => Promise<Said>
  /** Sends it, and interrupts the model at the first that is heard of it. */
  readonly interrupt: (text: string, begun: () => Promise<boolean>) => Promise<Said>
}

const turnMax = 60_000

interface Message {
  readonly info: {
    readonly role: string
    readonly time: { readonly completed?: number }
    readonly error?: { readonly data?: { readonly message?: string } }
  }
  readonly parts: ReadonlyArray<{ readonly type: string; readonly text?: string }>
}

export const serveOpenCode = async (
  scene: Around,
  environment: Readonly<Record<string, string>> = {},
): Promise<OpenCodeServer> => {
  const child = spawn(openCodeBinary(), ['serve', '--port', '0'], {
    cwd: scene.home.workspace,
    env: openCodeEnvironment(scene, environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    const read = (text: string): void => {
      said += text
      const found = /listening on (http\S+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    }
    child.stdout.setEncoding('utf8').on('data', read)
    child.stderr.setEncoding('utf8').on('data', read)
    void closed.then(() => reject(new Error(`opencode serve ended: ${said}`)))
    child.once('error', reject)
  })
  const ask = async (path: string, directory: string, init: RequestInit): Promise<unknown> => {
    const answer = await fetch(`${url}${path}?directory=${encodeURIComponent(directory)}`, {
      ...init,
      signal: AbortSignal.timeout(turnMax),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`)
    return JSON.parse(text)
  }
  const post = (path: string, directory: string, body: object): Promise<unknown> =>
    ask(path, directory, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return {
    pid: child.pid ?? 0,
    listen: () => listen(`${url}/event?directory=${encodeURIComponent(scene.home.workspace)}`),
    dispose: async (directory) => void (await post('/instance/dispose', directory, {})),
    openSession: async ({ directory = scene.home.workspace, title = 't' } = {}) => {
      const asked = title === '' ? {} : { title }
      const { id } = (await post('/session', directory, asked)) as { id: string }
      const say = async (text: string): Promise<Said> => {
        const began = performance.now()
        const { info, parts } = (await post(`/session/${id}/message`, directory, {
          model: { providerID: 'openai', modelID: 'gpt-5.5' },
          parts: [{ type: 'text', text }],
        })) as Message
        return {
          text: parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
          error: info.error === undefined ? '' : (info.error.data?.message ?? 'no words'),
          took: performance.now() - began,
        }
      }
      return {
        id,
        title: async () =>
          ((await ask(`/session/${id}`, directory, {})) as { readonly title: string }).title,
        isHeard: async () => {
          const messages = (await ask(`/session/${id}/message`, directory, {})) as Array<Message>
          const { info, parts = [] } = messages.at(-1) ?? {}
          const isUnderWay = info?.role === 'assistant' && info.time.completed === undefined
          return isUnderWay && parts.some(({ type }) => type === 'text')
        },
        say,
        interrupt: async (text, begun) => {
          const said = say(text)
          await begun()
          await post(`/session/${id}/abort`, directory, {})
          return said
        },
      }
    },
    close: async () => {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await closed
      clearTimeout(late)
    },
  }
}

/** Resolves with the first event: what happens from then on is heard. */
const listen = async (url: string): Promise<Listening> => {
  const ending = new AbortController()
  const toasts: Array<Toast> = []
  const { body } = await fetch(url, { signal: ending.signal })
  const lines = createInterface({ input: Readable.fromWeb(body as ReadableStream) })
  const begun = once(lines, 'line')
  lines.on('line', (line) => {
    if (!line.startsWith('data: ')) return
    const { properties, type } = JSON.parse(line.slice('data: '.length))
    if (type === 'tui.toast.show') toasts.push(properties)
  })
  lines.on('error', () => undefined)
  await begun
  return { toasts: () => [...toasts], stop: () => ending.abort() }
}
