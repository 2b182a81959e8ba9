/** `shim`: `codex` itself leads to us, in every new shell, until it is taken away again. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { errAsync, type ResultAsync } from 'neverthrow'
import * as StartFile from '../../core/official/start-file'
import { printable } from '../../core/tui/printable'
import { install, look, remove, type Done, type Look } from '../programs/shim'
import { outcomes, type Change } from '../programs/edited-files'
import { command, type Answer, type Context } from './command'
import { oneOf, orNull } from './forms'
import type { CliError, UsageError } from './render-error'

export interface Options {
  readonly action: string
  readonly shell: string | undefined
  readonly isDry: boolean
}

/** `here` is the line that puts the shim first in a shell that is running already. */
export type Shimmed =
  | (Done & { readonly _tag: 'Installed' | 'Removed'; readonly isDry: boolean } & Place)
  | (Look & { readonly _tag: 'Seen' } & Place)

interface Place {
  readonly path: string
  readonly here: string
}

const wrong = (message: string): ResultAsync<never, UsageError> =>
  errAsync({ _tag: 'WrongUsage', message, command: O.some('shim') })

export const run =
  ({ ports, layout, around }: Context) =>
  ({ action, shell: named, isDry }: Options): ResultAsync<Shimmed, CliError> => {
    const shell = StartFile.shellOf(named ?? around.environment['SHELL'] ?? '')
    const place = { path: layout.shim, here: StartFile.command(shell ?? 'bash', layout.shimFolder) }
    if (action === 'remove' && isDry) return wrong('shim remove takes no --dry-run')
    if (action === 'remove') {
      return remove(ports, layout).map((done) => ({ _tag: 'Removed', isDry, ...done, ...place }))
    }
    if (action !== 'install' && action !== 'status') {
      return wrong('shim takes one of install, remove, status')
    }
    if (shell === undefined) return wrong(`give --shell with one of ${StartFile.shells.join(', ')}`)
    return action === 'status'
      ? look(ports, layout)({ shell, around }).map((seen) => ({ _tag: 'Seen', ...seen, ...place }))
      : install(
          ports,
          layout,
        )({ shell, around, isDry }).map(({ isShimChanged, changes }) => ({
          ...{ _tag: 'Installed', isDry, isShimChanged, changes, ...place },
        }))
  }

const doneForm = t.strict({
  shim: t.string,
  dryRun: t.boolean,
  changed: t.boolean,
  files: t.readonlyArray(t.strict({ path: t.string, change: oneOf(outcomes) })),
})

const seenForm = t.strict({
  shim: t.string,
  installed: t.boolean,
  ahead: t.boolean,
  first: orNull(t.string),
  official: orNull(t.string),
  files: t.readonlyArray(t.string),
  mend: orNull(t.string),
})

const form = t.union([doneForm, seenForm])

export const render = (done: Shimmed): Answer<t.TypeOf<typeof form>> =>
  done._tag === 'Seen' ? renderSeen(done) : renderDone(done)

type Outcome = Exclude<Shimmed, { readonly _tag: 'Seen' }>

const renderDone = (done: Outcome): Answer<t.TypeOf<typeof doneForm>> => ({
  data: () => ({
    shim: done.path,
    dryRun: done.isDry,
    changed: isChange(done),
    files: done.changes.map(({ path, what }) => ({ path, change: what })),
  }),
  text: () =>
    [headline(done), ...done.changes.map(changeLine(done.isDry)), ...next(done)]
      .map((line) => `${line}\n`)
      .join(''),
  warnings: [],
})

const isChange = ({ isShimChanged, changes }: Done): boolean =>
  isShimChanged || changes.some(({ what }) => what !== 'unchanged')

const headline = (done: Outcome): string => {
  const path = printable(done.path)
  if (done._tag === 'Removed') return isChange(done) ? 'The shim is gone.' : 'There is no shim.'
  if (!isChange(done)) return `The shim is there already: ${path}`
  return done.isDry ? `The shim would be ${path}` : `The shim is ${path}`
}

const changeLine =
  (isDry: boolean) =>
  ({ path, what }: Change): string =>
    `  ${isDry && what !== 'unchanged' ? 'would be ' : ''}${what}  ${printable(path)}`

const next = (done: Outcome): ReadonlyArray<string> => {
  if (done.isDry) return ['Nothing was changed.']
  if (done._tag === 'Removed') {
    return isChange(done) ? ['New shells find the official codex again; here: hash -r'] : []
  }
  return [
    'New shells find it first. In this one:',
    `  ${printable(done.here)}`,
    'Take it away: codex-multi-auth shim remove',
  ]
}

/** The one command that puts the shim in front. */
const mendOf = ({ isInstalled, isWhole, isAhead, here }: Look & Place): O.Option<string> => {
  if (!isInstalled || !isWhole) return O.some('codex-multi-auth shim install')
  return isAhead ? O.none : O.some(here)
}

const renderSeen = (seen: Look & Place): Answer<t.TypeOf<typeof seenForm>> => {
  const mend = mendOf(seen)
  return {
    data: () => ({
      shim: seen.path,
      installed: seen.isInstalled,
      ahead: seen.isAhead,
      first: O.toNullable(seen.first),
      official: O.toNullable(seen.official),
      files: seen.files,
      mend: O.toNullable(mend),
    }),
    text: () =>
      [
        `Shim         ${seen.isInstalled ? printable(seen.path) : 'not installed'}`,
        `First codex  ${shown(seen.first)}${seen.isAhead ? ', which is the shim' : ''}`,
        `Official     ${shown(seen.official)}`,
        ...seen.files.map((path) => `Edited       ${printable(path)}`),
        ...(O.isSome(mend) ? ['Put it in front:', `  ${printable(mend.value)}`] : []),
      ]
        .map((line) => `${line}\n`)
        .join(''),
    warnings: [],
  }
}

const shown = (path: O.Option<string>): string => (O.isSome(path) ? printable(path.value) : 'none')

export const shim = command({
  examples: [
    ['$0 shim install', 'a new shell finds our codex first'],
    ['$0 shim install --dry-run', 'only tell which files it would edit'],
    ['$0 shim status', 'which codex is found first'],
    ['$0 shim remove', 'put every file back as it was'],
  ],
  epilogue: '',
  options: (parser) =>
    parser
      .positional('action', {
        type: 'string',
        demandOption: true,
        describe: 'install, remove or status',
      })
      .option('shell', { type: 'string', describe: 'bash, zsh or fish; yours when left out' })
      .option('dry-run', { type: 'boolean', default: false, describe: 'Change nothing' }),
  parse: ({ action, shell, 'dry-run': isDry }): Options => ({ action, shell, isDry }),
  run,
  form,
  render,
})
