import { spawn } from 'node:child_process'
import { ResultAsync } from 'neverthrow'
import type { Browser, BrowserError } from '../../ports/browser'
import type { Environment } from './outbound-proxy'

/**
 * `BROWSER` names a program that is handed the URL, or says that there is none; so does a truthy
 * `CODEX_AUTH_NO_BROWSER`. Otherwise the system's own way. A sign-in URL holds a state and a
 * challenge, no token, so it may stand on a command line.
 */
export const nodeBrowser = (environment: Environment): Browser => ({
  open: (url) =>
    ResultAsync.fromThrowable(handOver, (): BrowserError => ({ _tag: 'NoBrowser' }))(
      environment,
      url,
    ),
})

const noProgram: ReadonlyArray<string> = ['0', 'false', 'no', 'off', 'none']
const isTruthy = (text: string | undefined): boolean =>
  text !== undefined && text !== '' && !noProgram.includes(text.toLowerCase())

const handOver = async (environment: Environment, url: string): Promise<void> => {
  const program = environment['BROWSER'] ?? ''
  if (isTruthy(environment['CODEX_AUTH_NO_BROWSER']) || noProgram.includes(program.toLowerCase())) {
    throw new Error('no browser is wanted')
  }
  if (program !== '') return launch(program, url)
  if (!hasScreen(environment)) throw new Error('no screen')
  const { default: open } = await import('open')
  await open(url)
}

/** Without one, xdg-open may start a browser in the terminal, over the link the person needs. */
const hasScreen = (environment: Environment): boolean =>
  process.platform !== 'linux' ||
  ['DISPLAY', 'WAYLAND_DISPLAY', 'WSL_DISTRO_NAME'].some((name) => (environment[name] ?? '') !== '')

const launch = (program: string, url: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const browser = spawn(program, [url], { stdio: 'ignore', detached: true })
    browser.once('error', reject)
    browser.once('spawn', () => {
      browser.unref()
      resolve()
    })
  })
