/** The built plugin in OpenCode's own runtime, asked by the stand-in for its host: rows one after the other. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { placeholder } from '../../../core/hosts/opencode'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import { environment, foreignSeen, type State, type Way } from '../../support/failure-matrix'
import { hostPlayed, type HostHeard, type HostPlayed } from '../../support/host-seen'
import { until } from '../../support/until'
import { asExpected, setUp, statesOf, triedBy, type Lane } from './failure-rows'
import { openCodeBinary, openCodeEnvironment, pluginFile } from './opencode'
import { openScene, type Scene } from './scene'

export interface PluginPlayed extends HostPlayed {
  readonly after: ReadonlyArray<State>
}

const standIn = join(__dirname, '..', '..', 'support', 'plugin-child.ts')

const startStandIn = async (scene: Scene) => {
  const child = spawn(openCodeBinary(), ['run', standIn, pluginFile], {
    cwd: scene.home.workspace,
    env: openCodeEnvironment(scene, { ...environment, BUN_BE_BUN: '1' }),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const hear = async () => {
    const { value } = await lines.next()
    if (value === undefined) throw new Error('The stand-in for OpenCode has ended.')
    return JSON.parse(value)
  }
  expect(await hear()).toEqual({ apiKey: placeholder, runtime: expect.stringMatching(/^1\./) })
  return {
    ask: (conversation: string, { brings }: Way): Promise<HostHeard> => {
      child.stdin.write(`${JSON.stringify({ conversation, brings })}\n`)
      return hear()
    },
    close: async () => {
      child.stdin.end()
      await ended
    },
  }
}

/** Of a connection that breaks at once Bun may hand on nothing, and then there was no output before. */
const heardBefore = (does: Behaviour.Behaviour): Behaviour.Behaviour =>
  does._tag === 'Break' && does.ending._tag === 'Cut' ? Behaviour.cut(does.at, 300) : does

export const openPluginLane = async (): Promise<Lane<PluginPlayed>> => {
  const scene = await openScene()
  await scene.signInAll()
  const host = await startStandIn(scene)
  let count = 0
  return {
    play: async (row) => {
      const people = await setUp(scene, { ...row, does: row.does.map(heardBefore) })
      count += 1
      const before = scene.upstream.journal.violations().length
      const heard = await host.ask(`ses_${count}`, row.way)
      const wrong = scene.upstream.journal.violations().slice(before)
      expect([row.name, wrong.map(({ _tag }) => _tag)]).toEqual([
        row.name,
        Array<string>(foreignSeen(row.way)).fill('ForeignContent'),
      ])
      const states = async () => asExpected(await statesOf(scene, people), row.after)
      await until(async () => JSON.stringify(await states()) === JSON.stringify(row.after))
      return { ...hostPlayed(row, heard, triedBy(scene, people)), after: await states() }
    },
    close: async () => {
      await host.close()
      const strays = scene.proxy.hosts()
      await scene.close()
      expect(strays).toEqual([])
    },
  }
}
