import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import * as O from 'fp-ts/Option'
import { nodeFileSystem } from '../../../adapters/node/file-system'
import { nodeLookup } from '../../../adapters/node/lookup'
import { readBytesMax } from '../../../ports/file-system'

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'lookup-')))
const at = (name: string): string => path.join(folder, name)

beforeAll(() => {
  writeFileSync(at('text'), 'héllo')
  mkdirSync(at('inner'))
  symlinkSync('text', at('link'))
  symlinkSync('nothing', at('broken'))
  symlinkSync('round', at('round'))
  symlinkSync('pipe', at('link to a pipe'))
  execFileSync('mkfifo', [at('pipe')])
  writeFileSync(at('large'), '')
  truncateSync(at('large'), readBytesMax + 1)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const names = [
  ...['text', 'link', 'inner', 'broken', 'round', 'missing', 'text/below', 'a\0b'],
  ...['pipe', 'link to a pipe', 'large'],
]

it.each(names)('sees in %j what the whole port sees', async (name) => {
  const [quick, whole] = [nodeLookup(), nodeFileSystem()]
  expect(await quick.read(at(name))).toEqual(await whole.read(at(name)))
  expect(await quick.stamp(at(name))).toEqual(await whole.stamp(at(name)))
  expect(await quick.realPath(at(name))).toEqual(await whole.realPath(at(name)))
})

it('follows a link', async () => {
  expect((await nodeLookup().realPath(at('link')))._unsafeUnwrap()).toEqual(O.some(at('text')))
  expect((await nodeLookup().read(at('link')))._unsafeUnwrap()).toBe('héllo')
})
