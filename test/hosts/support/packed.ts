/** The package as it is published, installed in a throw-away place. */
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { cleanEnvironment } from '../../support/clean-environment'
import { runProgram } from './run-program'
import type { Scene } from './scene'

const root = join(__dirname, '..', '..', '..')

const alone = ['--offline', '--no-audit', '--no-fund', '--no-update-notifier']

/** Gives the folder it lies in. Packs what is built; asks no registry. */
export const installPacked = async (scene: Scene): Promise<string> => {
  const at = (name: string): string => join(scene.home.path, name)
  const npm = async (cwd: string, ...given: ReadonlyArray<string>): Promise<void> => {
    const { code, stderr } = await runProgram({
      program: 'npm',
      arguments: [...given, '--cache', at('pack/cache'), ...alone],
      cwd,
      environment: cleanEnvironment(scene.home.path, scene.proxy.environment),
    })
    if (code !== 0) throw new Error(`npm ${given.join(' ')} ended with ${code}: ${stderr}`)
  }
  await mkdir(at('pack'))
  await npm(root, 'pack', '--ignore-scripts', '--pack-destination', at('pack'))
  const tarball = (await readdir(at('pack'))).find((name) => name.endsWith('.tgz')) ?? ''
  await npm(at('pack'), 'install', '-g', '--prefix', at('prefix'), at(`pack/${tarball}`))
  return at('prefix/lib/node_modules/codex-multi-auth')
}
