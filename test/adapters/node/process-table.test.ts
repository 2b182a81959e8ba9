import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as O from 'fp-ts/Option'
import { nodeProcessTable } from '../../../adapters/node/process-table'
import { processTableContract } from '../../ports/process-table.contract'

processTableContract('node', () => ({
  table: nodeProcessTable(),
  start: async (words) => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', ...words], {
      stdio: 'ignore',
    })
    await once(child, 'spawn')
    return {
      pid: child.pid ?? 0,
      end: async () => {
        child.kill('SIGKILL')
        await once(child, 'exit')
      },
    }
  },
}))

const onLinux = process.platform === 'linux' ? it : it.skip

onLinux('knows the environment a program was started with', async () => {
  const child = spawn('sleep', ['60'], { env: { PATH: process.env['PATH'], MARK: 'a=b' } })
  await once(child, 'spawn')
  const running = (await nodeProcessTable().running())._unsafeUnwrap()
  const found = running.find(({ pid }) => pid === child.pid)
  child.kill()
  expect(found?.environment).toMatchObject(O.some({ MARK: 'a=b' }))
})
