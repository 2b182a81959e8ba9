/** Who puts the prompts: the official CLI through our wrapper, or a plain client through our proxy. */
import * as O from 'fp-ts/Option'
import { errAsync, type ResultAsync } from 'neverthrow'
import type { Seams } from '../../../core/official/seams'
import { parseJson } from '../../../core/result'
import type { Layout } from '../../../core/storage/layout'
import { minute, second } from '../../../core/time'
import { readText } from '../../programs/body'
import { readFront } from '../../programs/front'
import type { Ports } from '../../programs/ports'
import type { Ask, DemoFailed } from './stage'
import { prompt } from './story'

export interface Setting {
  readonly layout: Layout
  readonly seams: Seams
  /** Our own program, as a person starts it. */
  readonly program: ReadonlyArray<string>
  readonly workspace: string
}

const failed = (because: string): DemoFailed => ({ _tag: 'DemoFailed', because })

/** The discard port: nothing listens there, so the CLI reaches nothing but loopback. */
const nowhere = 'http://127.0.0.1:9'

export const environmentOf = ({ layout, seams }: Omit<Setting, 'program' | 'workspace'>) => ({
  CODEX_HOME: layout.codexHome,
  CODEX_MULTI_AUTH_ISSUER: seams.issuer,
  CODEX_MULTI_AUTH_BACKEND: seams.backend,
  CODEX_MULTI_AUTH_DIR: undefined,
  CODEX_API_KEY: undefined,
  CODEX_AUTH_SCHEDULING_STRATEGY: undefined,
  HTTPS_PROXY: nowhere,
  https_proxy: nowhere,
})

export const codex =
  (ports: Pick<Ports, 'process'>, setting: Setting): Ask =>
  () => {
    const [program = '', ...before] = setting.program
    const given = ['codex', 'exec', '--skip-git-repo-check', '-C', setting.workspace, prompt]
    return ports.process
      .capture(
        { program, arguments: [...before, ...given], environment: environmentOf(setting) },
        minute,
      )
      .mapErr(({ code }) => failed(code))
      .map(({ exit, output }) => ({
        exit: exit._tag === 'Exited' ? exit.code : 1,
        answer: output,
      }))
  }

const limits = { connectMax: 5 * second, firstByteMax: 20 * second, stallMax: 20 * second }

/** `send` puts one request to a proxy that it starts and ends. */
export const plainClient =
  (
    ports: Pick<Ports, 'files' | 'http' | 'clock'>,
    setting: Setting,
    throughProxy: <A>(
      use: (modelPort: number) => ResultAsync<A, DemoFailed>,
    ) => ResultAsync<A, DemoFailed>,
  ): Ask =>
  () =>
    readFront(ports, setting.layout)
      .mapErr(({ _tag }) => failed(_tag))
      .andThen((front) => {
        if (O.isNone(front) || O.isNone(front.value.credential.access))
          return errAsync(failed('no sign-in'))
        const bearer = front.value.credential.access.value.reveal()
        const session = `demo-${ports.clock.now()}`
        return throughProxy((port) => request(ports, port, bearer, session))
      })

const request = (
  ports: Pick<Ports, 'http'>,
  port: number,
  bearer: string,
  session: string,
): ReturnType<Ask> =>
  ports.http
    .send({
      method: 'POST',
      url: `http://127.0.0.1:${port}/backend-api/codex/responses`,
      headers: [
        ['authorization', `Bearer ${bearer}`],
        ['content-type', 'application/json'],
        ['accept', 'text/event-stream'],
        ['session-id', session],
      ],
      body: [new TextEncoder().encode(JSON.stringify(requestBody))],
      limits,
    })
    .andThen(({ status, body }) =>
      readText(body, 1_000_000).map((text) => ({
        exit: status === 200 ? 0 : 1,
        answer: saidIn(text),
      })),
    )
    .mapErr(({ _tag }) => failed(_tag))

const requestBody = {
  model: 'gpt-5.5',
  stream: true,
  store: false,
  instructions: 'Answer in one line.',
  include: ['reasoning.encrypted_content'],
  input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: prompt }] }],
}

/** The text of a stream, put together from its pieces. */
const saidIn = (stream: string): string =>
  stream
    .split('\n')
    .filter((line) => line.startsWith('data:') && line.includes('response.output_text.delta'))
    .map((line) =>
      parseJson(line.slice('data:'.length)).match(
        (event) =>
          typeof event === 'object' && event !== null && 'delta' in event
            ? String(event.delta)
            : '',
        () => '',
      ),
    )
    .join('')
