/** A thousand seeds hold, and every fault and every recovery happened in them. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { minute } from '../../core/time'

const root = join(__dirname, '..', '..')

const play = async (...given: ReadonlyArray<string>): Promise<string> => {
  const script = join(root, 'scripts', 'simulate.mjs')
  // A child that fails has said which seeds do not hold, and how they are played again.
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...given]).catch(
    ({ stdout: text }: { readonly stdout: string }) => ({ stdout: text }),
  )
  return stdout
}

it(
  'holds for a thousand seeds, each fault and each recovery among them',
  async () => {
    const told = await play('--seeds', '1000')
    expect(told).toContain('\n1000 seeds, 0 failed, ')
    expect(told).not.toContain('never happened')
  },
  10 * minute,
)
