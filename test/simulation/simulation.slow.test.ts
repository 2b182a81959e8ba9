/** A thousand seeds hold, every fault and every recovery happened in them, and what fails can be played again. */
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

it(
  'says how a seed that fails is played again, and that shows the same',
  async () => {
    const told = await play('--seeds', '20', '--without', 'sync')
    const [, seed = '', wrong = ''] = /^seed (\d+):\n {2}(.*)$/m.exec(told) ?? []
    expect(told).toContain(`  replay: npm run simulate -- --seed ${seed} --without sync\n`)
    expect(told).not.toContain('\n20 seeds, 0 failed, ')
    expect(wrong).not.toBe('')
    expect(await play('--seed', seed, '--without', 'sync')).toContain(`seed ${seed}:\n  ${wrong}`)
    expect(await play('--seed', seed)).toContain(`seed ${seed} holds`)
  },
  minute,
)
