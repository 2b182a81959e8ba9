/**
 * The sign-in that a plugin host holds for our provider. A host with accounts of ours holds a
 * placeholder; what it held before is in the journal of edits, and comes back when the plugin goes.
 */
import * as OpenCode from '../../core/hosts/opencode'
import * as Store from '../../core/hosts/opencode-store'
import { errAsync, okAsync, safeTry, type ResultAsync } from 'neverthrow'
import { isFields } from '../../core/request/fields'
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

/** What the host holds now; nothing where that cannot be read. */
export const heldEntry = (ports: EntryPorts, store: string): ResultAsync<OpenCode.Found, never> =>
  readStore(ports, store)
    .map((text) => OpenCode.found(signInIn(text)))
    .orElse(() => okAsync(OpenCode.found(undefined)))

/** What the host should do; its own sign-in is written down before anybody is told to replace it. */
export const claimEntry = (
  ports: EntryPorts,
  layout: Layout,
  store: string,
): ResultAsync<Claim, PoolError | EditError> =>
  safeTry(async function* () {
    const { accounts } = yield* readPool(ports, layout)
    if (accounts.length === 0) return okAsync<Claim>({ _tag: 'Leave', because: 'NoAccounts' })
    const stored = signInIn(yield* readStore(ports, store))
    const found = OpenCode.found(stored)
    if (found._tag === 'Ours' || found._tag === 'ApiKey')
      return okAsync<Claim>({ _tag: 'Leave', because: found._tag })
    yield* noteEntry(ports, layout, store, stored)
    return okAsync<Claim>({ _tag: 'Place', keptAside: found._tag === 'SignIn' })
  })

/** Before the host replaces whatever it holds, as a person signs in there by us. */
export const keepEntry = (
  ports: EntryPorts,
  layout: Layout,
  store: string,
): ResultAsync<void, EditError> =>
  readStore(ports, store)
    .map(signInIn)
    .andThen((stored) =>
      OpenCode.found(stored)._tag === 'Ours'
        ? okAsync(undefined)
        : noteEntry(ports, layout, store, stored),
    )

/** What it held last is what comes back. */
const noteEntry = (
  ports: EntryPorts,
  layout: Layout,
  store: string,
  stored: unknown,
): ResultAsync<void, EditError> =>
  readEdits(ports, layout).andThen((journal) => {
    const edit = {
      ...{ kind, path: store, isMade: false, foldersMade: [] },
      ...(stored === undefined ? {} : { before: JSON.stringify(stored) }),
    }
    const noted = ExternalEdits.print(ExternalEdits.note(edit)(ExternalEdits.forget(edit)(journal)))
    return noted === ExternalEdits.print(journal)
      ? okAsync(undefined)
      : ports.files.replace(layout.edits, noted)
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
      const text = yield* readStore(ports, edit.path)
      if (OpenCode.found(signInIn(text))._tag === 'Ours') {
        const was = parseJson(edit.before ?? '').unwrapOr(undefined)
        yield* ports.files.replace(edit.path, Store.putBack(was)(text))
        restored.push(edit.path)
      }
      journal = ExternalEdits.forget(edit)(journal)
      yield* journal.edits.length === 0
        ? ports.files.remove(layout.edits)
        : ports.files.replace(layout.edits, ExternalEdits.print(journal))
    }
    return okAsync(restored)
  })

/** A store that is none has no sign-in, and one that is not there has none: the host reads it so. */
const signInIn = (text: string): unknown => {
  const json = parseJson(text).unwrapOr(undefined)
  return isFields(json) ? json[OpenCode.provider] : undefined
}

/** Empty where it is not there. */
const readStore = ({ files }: EntryPorts, path: string): ResultAsync<string, EditError> =>
  files.read(path).orElse((error) => (error._tag === 'NotFound' ? okAsync('') : errAsync(error)))
