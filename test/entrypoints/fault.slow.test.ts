/** The built program with a fault planted in it: a clock that throws, which no clock does. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { program } from '../hosts/support/product'
import { runProgram } from '../hosts/support/run-program'
import { cleanEnvironment } from '../support/clean-environment'
import { misfits } from '../support/published'

let home: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fault-'))
  await writeFile(join(home, 'plant.cjs'), "Date.now = () => { throw new Error('planted') }\n")
})

afterAll(() => rm(home, { recursive: true, force: true }))

const run = (...words: ReadonlyArray<string>) =>
  runProgram({
    program: process.execPath,
    arguments: ['--require', join(home, 'plant.cjs'), program, ...words],
    cwd: home,
    environment: cleanEnvironment(home),
    timeMax: 20_000,
  })

it.each(['list', 'status', 'why'])(
  '%s tells how to report it, and answers all the same',
  async (command) => {
    const [text, json] = await Promise.all([run(command), run(command, '--json')])
    for (const { code, stderr } of [text, json]) {
      expect(code).toBe(1)
      expect(stderr).toMatch(/fault of its own\.\nPlease report it [^]*\nError: planted\n +at /)
    }
    expect(text.stdout).toBe('')
    expect(json.stdout).toMatch(/^[^\n]+\n$/)
    const document: unknown = JSON.parse(json.stdout)
    expect(document).toMatchObject({ command, ok: false, error: { code: 'internal' } })
    expect(misfits(document)).toEqual([])
  },
)

it('answers where the folder it is started in is gone, with words and without', async () => {
  const gone = (...words: ReadonlyArray<string>) =>
    runProgram({
      program: 'sh',
      arguments: [
        ...['-c', 'mkdir gone && cd gone && rmdir ../gone && exec "$@"', 'sh'],
        ...[process.execPath, program, ...words],
      ],
      cwd: home,
      environment: cleanEnvironment(home),
      timeMax: 20_000,
    })
  for (const words of [['list'], ['list', '--json'], ['status'], ['why', '--help'], ['check']])
    expect(await gone(...words)).toMatchObject({ code: 0, stderr: '' })
  expect(await gone('import', 'accounts.json')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('accounts.json is not there'),
  })
})
