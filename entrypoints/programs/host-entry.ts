/**
 * The sign-in that a plugin host holds for our provider. A host with accounts of ours holds a
 * placeholder; what it held before is in the journal of edits, and comes back when the plugin goes.
 */
import * as OpenCode from '../../core/hosts/opencode'
import { errAsync, okAsync, safeTry, type ResultAsync } from 'neverthrow'
import { isFields, type Fields } from '../../core/request/fields'
import { parseJson } from '../../core/result'
import * as ExternalEdits from '../../core/storage/external-edits'
import type { Layout } from '../../core/storage/layout'
import { readPool, type PoolError } from './pool'
import type { Ports } from './ports'
import { readEdits, type EditError } from './edited-files'

type EntryPorts = Pick<Ports, 'files'>

export type Claim =
  /** The host should hold the placeholder now. */
  | { readonly _tag: 'Place'; readonly keptAside: boolean }
  | { readonly _tag: 'Leave'; readonly because: WhyLeft }

/** `Unreadable`: the pool, the host's store or our journal. */
type WhyLeft = 'NoAccounts' | 'Ours' | 'ApiKey' | 'Unreadable'

const kind = 'host-entry'

/** What the host should do; its own sign-in is written down before anybody is told to replace it. */
export const claimEntry = (
  ports: EntryPorts,
  layout: Layout,
  store: string,
): ResultAsync<Claim, PoolError | EditError> =>
  safeTry(async function* () {
    const { accounts } = yield* readPool(ports, layout)
    if (accounts.length === 0) return okAsync<Claim>({ _tag: 'Leave', because: 'NoAccounts' })
    const stored = (yield* readStore(ports, store))[OpenCode.provider]
    const found = OpenCode.found(stored)
    if (found._tag === 'Ours' || found._tag === 'ApiKey')
      return okAsync<Claim>({ _tag: 'Leave', because: found._tag })
    const journal = yield* readEdits(ports, layout)
    const noted = ExternalEdits.note({
      ...{ kind, path: store, isMade: false, foldersMade: [] },
      ...(stored === undefined ? {} : { before: JSON.stringify(stored) }),
    })(journal)
    if (noted !== journal) yield* ports.files.replace(layout.edits, ExternalEdits.print(noted))
    return okAsync<Claim>({ _tag: 'Place', keptAside: found._tag === 'SignIn' })
  })

/** Puts back what the host held; a sign-in made since then stays. */
export const releaseEntry = (
  ports: EntryPorts,
  layout: Layout,
): ResultAsync<ReadonlyArray<string>, EditError> =>
  safeTry(async function* () {
    let journal = yield* readEdits(ports, layout)
    const restored: Array<string> = []
    for (const edit of ExternalEdits.ofKind(kind)(journal)) {
      const entries = yield* readStore(ports, edit.path)
      if (OpenCode.found(entries[OpenCode.provider])._tag === 'Ours') {
        yield* ports.files.replace(edit.path, print(withBefore(entries, edit.before)))
        restored.push(edit.path)
      }
      journal = ExternalEdits.forget(edit)(journal)
      yield* journal.edits.length === 0
        ? ports.files.remove(layout.edits)
        : ports.files.replace(layout.edits, ExternalEdits.print(journal))
    }
    return okAsync(restored)
  })

const withBefore = (entries: Fields, before: string | undefined): Fields =>
  Object.fromEntries(
    Object.entries(entries).flatMap(([name, entry]): ReadonlyArray<[string, unknown]> => {
      if (name !== OpenCode.provider) return [[name, entry]]
      const was = before === undefined ? undefined : parseJson(before).unwrapOr(undefined)
      return was === undefined ? [] : [[name, was]]
    }),
  )

/** As the host writes it. */
const print = (entries: Fields): string => JSON.stringify(entries, null, 2)

/** A store that is not there, or that is none, has no sign-in: the host itself reads it so. */
const readStore = ({ files }: EntryPorts, path: string): ResultAsync<Fields, EditError> =>
  files
    .read(path)
    .map((text) => parseJson(text).unwrapOr({}))
    .map((json): Fields => (isFields(json) ? json : {}))
    .orElse((error) => (error._tag === 'NotFound' ? okAsync({}) : errAsync(error)))
