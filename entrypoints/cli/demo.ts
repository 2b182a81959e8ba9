/** `demo`: the main job with simulated accounts. */
import * as t from 'io-ts'
import { wordless, type Answer } from './command'
import { coloured, plain, screen } from './demo/screen'
import type { Told } from './demo/story'
import { orNull, whole } from './forms'

const form = t.strict({
  asker: t.keyof({ codex: null, 'plain-client': null }),
  version: orNull(t.string),
  accounts: t.readonlyArray(t.strict({ name: t.string, plan: t.string })),
  scenes: t.array(
    t.strict({
      title: t.string,
      answer: t.string,
      exit: whole,
      tookMs: t.number,
      decisions: t.array(
        t.strict({
          event: t.string,
          path: t.string,
          account: orNull(t.string),
          trace: orNull(t.array(t.strict({ account: t.string, outcome: t.string }))),
        }),
      ),
    }),
  ),
})

const render = (told: Told, isColoured: boolean): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({
    asker: told.asker._tag === 'Codex' ? 'codex' : 'plain-client',
    version: told.asker._tag === 'Codex' ? told.asker.version : null,
    accounts: told.cast,
    scenes: told.played.map(({ scene, decisions, answer, exit, took }) => ({
      title: scene.title,
      answer,
      exit,
      tookMs: took,
      decisions: decisions.map(({ event, path, account = null, trace = null }) => ({
        ...{ event, path, account, trace },
      })),
    })),
  }),
  text: () => screen(isColoured ? coloured : plain)(told),
  warnings: [],
})

export const demo = wordless({
  examples: [['$0 demo', 'three prompts, three troubles, three answers']],
  epilogue: '',
  run:
    ({ ports, environment, playDemo }) =>
    () =>
      playDemo().map((told) => ({
        told,
        isColoured: ports.terminal.isInteractive.output && (environment['NO_COLOR'] ?? '') === '',
      })),
  form,
  render: ({ told, isColoured }) => render(told, isColoured),
})
