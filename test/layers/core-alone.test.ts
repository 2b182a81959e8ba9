/** Core's own tsconfig knows no platform, so what reaches for one does not compile there. */
import { join } from 'node:path'
import * as ts from 'typescript'
import { root } from './run-tool'

const core = join(root, 'core')
const parsed = ts.getParsedCommandLineOfConfigFile(
  join(core, 'tsconfig.json'),
  {},
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
)
const options = parsed?.options ?? {}

const complaints = (lines: ReadonlyArray<string>): ReadonlyMap<number, string> => {
  const planted = join(core, 'planted.ts')
  const host = ts.createCompilerHost(options)
  const { fileExists, getSourceFile } = host
  host.fileExists = (path) => path === planted || fileExists(path)
  host.getSourceFile = (path, target) =>
    path === planted
      ? ts.createSourceFile(path, `${lines.join('\n')}\nexport {}\n`, target)
      : getSourceFile(path, target)
  const program = ts.createProgram([planted, join(core, 'globals.d.ts')], options, host)
  const file = program.getSourceFile(planted)
  return new Map(
    program.getSemanticDiagnostics(file).map(({ start, messageText }) => {
      const at = file?.getLineAndCharacterOfPosition(start ?? 0).line ?? -1
      return [at, ts.flattenDiagnosticMessageText(messageText, ' ')]
    }),
  )
}

const refused = [
  'process.exit(1)',
  "fetch('http://127.0.0.1')",
  'setTimeout(() => undefined, 1)',
  'setInterval(() => undefined, 1)',
  "console.log('here')",
  "Buffer.from('')",
  "import 'node:fs'",
  "require('node:fs')",
  "document.title = ''",
  'performance.now()',
]
const accepted = [
  "new URL('http://127.0.0.1').port",
  "new URLSearchParams('a=b').get('a')",
  "new TextEncoder().encode('')",
  'new TextDecoder().decode(new Uint8Array(1))',
  "atob('')",
]

describe('core on its own', () => {
  const found = complaints([...refused, ...accepted])

  it.each(refused.map((line, at) => ({ line, at })))('does not compile $line', ({ at }) => {
    expect(found.get(at)).toMatch(/^Cannot find/)
  })

  it('compiles the pure globals', () => {
    expect([...found.keys()].filter((at) => at >= refused.length)).toEqual([])
  })
})
