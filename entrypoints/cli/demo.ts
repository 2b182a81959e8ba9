/** `demo`: the main job with simulated accounts. */
import { command, type Answer } from './command'
import { coloured, plain, screen } from './demo/screen'
import type { Told } from './demo/story'

const render = (told: Told, isColoured: boolean): Answer => ({
  data: () => ({
    asker: told.asker._tag === 'Codex' ? 'codex' : 'plain-client',
    version: told.asker._tag === 'Codex' ? told.asker.version : null,
    accounts: told.cast,
    scenes: told.played.map(({ scene, decisions, answer, exit, took }) => ({
      title: scene.title,
      answer,
      exit,
      tookMs: took,
      decisions,
    })),
  }),
  text: () => screen(isColoured ? coloured : plain)(told),
  warnings: [],
})

export const demo = command({
  examples: [['$0 demo', 'three prompts, three troubles, three answers']],
  epilogue: '',
  options: (parser) => parser,
  parse: () => ({}),
  run:
    ({ ports, environment, playDemo }) =>
    () =>
      playDemo().map((told) => ({
        told,
        isColoured: ports.terminal.isInteractive.output && (environment['NO_COLOR'] ?? '') === '',
      })),
  render: ({ told, isColoured }) => render(told, isColoured),
})
