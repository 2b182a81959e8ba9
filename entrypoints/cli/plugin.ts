/** `plugin`: a plugin host is served by the accounts too, until that is taken away again. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { errAsync, type ResultAsync } from 'neverthrow'
import * as OpenCode from '../../core/hosts/opencode'
import type { Surroundings } from '../../core/official/installation'
import { printable } from '../../core/tui/printable'
import { outcomes, type Change } from '../programs/edited-files'
import { heldEntry } from '../programs/host-entry'
import { installPlugin, removePlugin } from '../programs/host-config'
import { command, type Answer, type Context } from './command'
import { oneOf } from './forms'
import type { CliError } from './render-error'
import { quoted } from './rendered'

export interface Options {
  readonly host: string
}

interface Done {
  readonly changes: ReadonlyArray<Change>
  readonly isInstalled: boolean
  /** The host has a sign-in of its own, which makes way while the plugin is there. */
  readonly hasOwnSignIn: boolean
}

/** What a host's configuration calls the plugin: the address of its file. */
export const pluginSpec = ({ ownFolder }: Pick<Surroundings, 'ownFolder'>): string =>
  `file://${ownFolder}/plugin.js`

const hosts: ReadonlyArray<string> = ['opencode']

const ofHost = (
  name: string,
  { host }: Options,
  work: () => ResultAsync<Done, CliError>,
): ResultAsync<Done, CliError> =>
  hosts.includes(host)
    ? work()
    : errAsync({
        _tag: 'WrongUsage',
        message: `there is no plugin for ${quoted(host)}, only for ${hosts.join(', ')}`,
        command: O.some(`plugin ${name}`),
      })

const runInstall =
  ({ around, layout, ports }: Context) =>
  (options: Options): ResultAsync<Done, CliError> =>
    ofHost('install', options, () =>
      installPlugin(ports, layout, around, pluginSpec(around)).andThen((change) =>
        heldEntry(ports, OpenCode.storePath(around)).map(({ _tag }) => ({
          changes: [change],
          isInstalled: true,
          hasOwnSignIn: _tag === 'SignIn',
        })),
      ),
    )

const runRemove =
  ({ layout, ports }: Context) =>
  (options: Options): ResultAsync<Done, CliError> =>
    ofHost('remove', options, () =>
      removePlugin(ports, layout).map((changes) => ({
        ...{ changes, isInstalled: false, hasOwnSignIn: false },
      })),
    )

const form = t.strict({
  changed: t.boolean,
  hostHasOwnSignIn: t.boolean,
  files: t.readonlyArray(t.strict({ path: t.string, change: oneOf(outcomes) })),
})

const isChanged = ({ changes }: Done): boolean => changes.some(({ what }) => what !== 'unchanged')

const render = (done: Done): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({
    changed: isChanged(done),
    hostHasOwnSignIn: done.hasOwnSignIn,
    files: done.changes.map(({ path, what }) => ({ path, change: what })),
  }),
  text: () =>
    [
      headline(done),
      ...done.changes.map(({ path, what }) => `  ${what}  ${printable(path)}`),
      ...(done.hasOwnSignIn ? offer : []),
    ]
      .map((line) => `${line}\n`)
      .join(''),
  warnings: [],
})

const offer: ReadonlyArray<string> = [
  'OpenCode has a sign-in of its own. It is kept aside, and comes back with: codex-multi-auth plugin remove opencode',
  'To have that account here too: codex-multi-auth login',
]

const headline = (done: Done): string => {
  if (done.isInstalled)
    return isChanged(done)
      ? 'OpenCode loads the plugin at its next start.'
      : 'The plugin is there already.'
  return isChanged(done) ? 'OpenCode is as it was before the plugin.' : 'There is no plugin.'
}

const hostOf = { type: 'string', demandOption: true, describe: 'opencode' } as const

export const install = command({
  examples: [['$0 plugin install opencode', 'OpenCode is served by your accounts']],
  epilogue: 'One line is added to the configuration of OpenCode; its comments stay.',
  options: (parser) => parser.positional('host', hostOf),
  parse: ({ host }): Options => ({ host }),
  run: runInstall,
  form,
  render,
})

export const remove = command({
  examples: [['$0 plugin remove opencode', 'put OpenCode back as it was']],
  epilogue: '',
  options: (parser) => parser.positional('host', hostOf),
  parse: ({ host }): Options => ({ host }),
  run: runRemove,
  form,
  render,
})
