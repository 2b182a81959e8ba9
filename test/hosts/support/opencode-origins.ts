/** Where the plugin of an OpenCode comes from: this tree, or the package as a person installs it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openCodeEnvironment, openCodeFolder, pluginFile, setUpOpenCode } from './opencode'
import { installPacked } from './packed'
import { program } from './product'
import { runProgram } from './run-program'
import type { Scene } from './scene'

export interface Origin {
  readonly name: string
  /** Puts it where the host finds it. */
  readonly prepare: (scene: Scene) => Promise<void>
  /** The plugin's file, and the program of the command line beside it. */
  readonly files: (scene: Scene) => { readonly plugin: string; readonly program: string }
}

const installedIn = ({ home }: Scene): string =>
  join(home.path, 'prefix/lib/node_modules/codex-multi-auth/dist')

export const origins: ReadonlyArray<Origin> = [
  {
    name: 'a path',
    prepare: (scene) => setUpOpenCode(scene),
    files: () => ({ plugin: pluginFile, program }),
  },
  {
    name: 'the packed tarball',
    prepare: async (scene) => {
      await installPacked(scene)
      await setUpOpenCode(scene, '')
      // The link that the installation makes, as a person calls it.
      const { code, stderr } = await runProgram({
        program: join(scene.home.path, 'prefix/bin/codex-multi-auth'),
        arguments: ['plugin', 'install', 'opencode'],
        cwd: scene.home.workspace,
        environment: openCodeEnvironment(scene),
      })
      if (code !== 0) throw new Error(`plugin install ended with ${code}: ${stderr}`)
    },
    files: (scene) => ({
      plugin: join(installedIn(scene), 'plugin.js'),
      program: join(installedIn(scene), 'main.js'),
    }),
  },
]

/** What the host's configuration names. */
export const namedPlugins = async (scene: Scene): Promise<unknown> => {
  const path = join(openCodeFolder(scene, 'XDG_CONFIG_HOME'), 'opencode', 'opencode.json')
  return JSON.parse(await readFile(path, 'utf8')).plugin
}

export const specOf = (file: string): string => pathToFileURL(file).href
