import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { nodeFileSystem } from '../../../adapters/node/file-system'
import { nodeQuickFiles } from '../../../adapters/node/quick-files'
import { readBytesMax } from '../../../ports/file-system'
import { fileSystemContract } from '../../ports/file-system.contract'

const roots: Array<string> = []

const temporary = (): string => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'files-'))
  roots.push(root)
  return root
}

afterAll(() => {
  for (const root of roots) fs.rmSync(root, { recursive: true, force: true })
})

for (const [name, make] of Object.entries({ node: nodeFileSystem, 'node, quick': nodeQuickFiles }))
  fileSystemContract(name, () => ({
    files: make(),
    root: temporary(),
    modeOf: (file) => fs.statSync(file).mode & 0o777,
    link: (target, file) => fs.symlinkSync(target, file),
  }))

it('closes a folder that was open to others', async () => {
  const root = temporary()
  fs.mkdirSync(`${root}/open`, { mode: 0o755 })
  expect((await nodeFileSystem().ensureFolder(`${root}/open`)).isOk()).toBe(true)
  expect(fs.statSync(`${root}/open`).mode & 0o777).toBe(0o700)
})

it('does not follow a link somebody planted where the draft goes', async () => {
  const root = temporary()
  fs.symlinkSync(`${root}/elsewhere`, `${root}/a`)
  ;(await nodeFileSystem().replace(`${root}/a`, 'text'))._unsafeUnwrap()
  expect(fs.existsSync(`${root}/elsewhere`)).toBe(false)
  expect(fs.lstatSync(`${root}/a`).isSymbolicLink()).toBe(false)
})

it('reads no pipe, which would wait for whoever writes to it', async () => {
  const root = temporary()
  execFileSync('mkfifo', [`${root}/pipe`])
  const read = await nodeFileSystem().read(`${root}/pipe`)
  expect(read._unsafeUnwrapErr()).toEqual({
    _tag: 'FileFault',
    path: `${root}/pipe`,
    code: 'EFTYPE',
  })
})

it('reads no file that is larger than any of ours', async () => {
  const root = temporary()
  fs.writeFileSync(`${root}/large`, '')
  fs.truncateSync(`${root}/large`, readBytesMax + 1)
  const read = await nodeFileSystem().read(`${root}/large`)
  expect(read._unsafeUnwrapErr()).toMatchObject({ _tag: 'FileFault', code: 'EFBIG' })
})
