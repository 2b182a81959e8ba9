import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { nodeBrowser } from '../../../adapters/node/browser'
import { browserContract } from '../../ports/browser.contract'
import { until } from '../../support/until'

const folder = mkdtempSync(path.join(os.tmpdir(), 'browser-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let programs = 0

browserContract('node', () => {
  programs += 1
  const program = path.join(folder, `browser ${programs}`)
  const seen = `${program}.seen`
  // One name a URL: the program is done when it has renamed it, and not before.
  writeFileSync(
    program,
    `#!/bin/sh\nprintf '%s' "$1" >> '${seen}.part' && echo >> '${seen}.part' && cp '${seen}.part' '${seen}'\n`,
  )
  chmodSync(program, 0o755)
  let calls = 0
  return {
    browser: nodeBrowser({ BROWSER: program }),
    none: nodeBrowser({ BROWSER: path.join(folder, 'nowhere') }),
    opened: async () => {
      calls += 1
      const lines = () => (existsSync(seen) ? readFileSync(seen, 'utf8').trim().split('\n') : [])
      await until(async () => lines().length >= calls)
      return lines()
    },
  }
})

it.each([
  { BROWSER: 'none' },
  { BROWSER: '0' },
  { BROWSER: 'False' },
  { BROWSER: 'no' },
  { BROWSER: 'off' },
  { CODEX_AUTH_NO_BROWSER: '1' },
  { CODEX_AUTH_NO_BROWSER: 'yes', BROWSER: 'true' },
])('opens nothing with %j', async (environment) => {
  const refused = await nodeBrowser(environment).open('https://example.com/')
  expect(refused._unsafeUnwrapErr()).toEqual({ _tag: 'NoBrowser' })
})

it.each(['', '0', 'false'])('is not kept from it by CODEX_AUTH_NO_BROWSER=%j', async (said) => {
  const opened = await nodeBrowser({ CODEX_AUTH_NO_BROWSER: said, BROWSER: 'true' }).open(
    'https://example.com/',
  )
  expect(opened.isOk()).toBe(true)
})

const onLinux = process.platform === 'linux' ? it : it.skip

onLinux(
  'opens nothing without a screen: a browser in the terminal would hide the link',
  async () => {
    expect((await nodeBrowser({}).open('https://example.com/'))._unsafeUnwrapErr()).toEqual({
      _tag: 'NoBrowser',
    })
  },
)
