/** A scene with everyone signed in, and OpenCode with the plugin that serves in it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Violation } from '../../../entrypoints/embed/testing/journal'
import { setUpOpenCode } from './opencode'
import { serveOpenCode, type OpenCodeServer } from './opencode-server'
import { openScene, type Scene } from './scene'

export interface Served {
  readonly scene: Scene
  readonly server: OpenCodeServer
  readonly close: () => Promise<Seen>
}

/** What must not have happened meanwhile. */
export interface Seen {
  /** Hosts outside loopback that were asked for. */
  readonly strays: ReadonlyArray<string>
  readonly violations: ReadonlyArray<Violation>
}

export const openServed = async (
  prepare: (scene: Scene) => Promise<void> = async () => undefined,
  environment: Readonly<Record<string, string>> = {},
): Promise<Served> => {
  const scene = await openScene()
  await scene.signInAll()
  await setUpOpenCode(scene)
  await prepare(scene)
  const server = await serveOpenCode(scene, environment)
  return {
    scene,
    server,
    close: async () => {
      await server.close()
      const seen = { strays: scene.proxy.hosts(), violations: scene.upstream.journal.violations() }
      await scene.close()
      return seen
    },
  }
}

/** When the host last called the plugin, by the word it leaves. */
export const lastLoad = async ({ home }: Scene): Promise<number> =>
  JSON.parse(await readFile(join(home.path, 'multi-auth/runtime/opencode.json'), 'utf8')).loadedAt
