/**
 * The official CLI's own sign-in after a sign-in of ours: a home that has none gets this one, so that
 * the CLI starts at once. One that is there is left alone, and so is a home that keeps its sign-in
 * elsewhere than in the file.
 *
 * A sign-in that was seen and is gone is a logout of the person's. It is remembered in our root, and
 * ends with the next `login` or `switch`, which is what this is called by.
 */
import * as O from 'fp-ts/Option'
import { errAsync, ok, okAsync, safeTry, type ResultAsync } from 'neverthrow'
import type { Account } from '../../core/accounts/account'
import * as AuthFile from '../../core/official/auth-file'
import * as Configuration from '../../core/official/configuration'
import type { Layout } from '../../core/storage/layout'
import type { FileError } from '../../ports/file-system'
import type { Ports } from './ports'

export type Front =
  /** The CLI has a sign-in already, or keeps it where we do not write. */
  | { readonly _tag: 'LeftAlone' }
  | { readonly _tag: 'Written'; readonly path: string }
  /** It is not signed in, and could not be. The account itself is safe in the pool. */
  | {
      readonly _tag: 'NotWritten'
      readonly path: string
      readonly because: FrontError
    }

type FrontError = FileError | AuthFile.CannotWrite

type FrontPorts = Pick<Ports, 'files' | 'clock'>

export const signInFront =
  (ports: FrontPorts, layout: Layout) =>
  (account: Account): ResultAsync<Front, never> =>
    safeTry<Front, FrontError>(async function* () {
      const { files, clock } = ports
      if (O.isSome(yield* files.stamp(layout.authFile))) {
        yield* rememberFront(ports, layout)
        return ok(leftAlone)
      }
      if (!(yield* isKeptInFile(ports, layout))) return ok(leftAlone)
      const content = yield* AuthFile.ofCredential(account, clock.now()).map(AuthFile.print)
      if (O.isNone(yield* files.stamp(layout.codexHome))) {
        yield* files.ensureFolder(layout.codexHome)
      }
      // Before the write: a sign-in written and then forgotten would be written again after a logout.
      yield* rememberFront(ports, layout)
      // The CLI may have signed in by itself while we made ready.
      if (O.isSome(yield* files.stamp(layout.authFile))) return ok(leftAlone)
      yield* files.replace(layout.authFile, content)
      return ok<Front>({ _tag: 'Written', path: layout.authFile })
    }).orElse((because) => okAsync<Front>({ _tag: 'NotWritten', path: layout.authFile, because }))

const leftAlone: Front = { _tag: 'LeftAlone' }

/** Says from now on that the file was there. */
export const rememberFront = (
  { files, clock }: FrontPorts,
  layout: Layout,
): ResultAsync<void, FileError> =>
  files
    .stamp(layout.frontLogin)
    .andThen((seen) =>
      O.isSome(seen)
        ? okAsync(undefined)
        : files.replace(
            layout.frontLogin,
            `${JSON.stringify({ version: 1, seenAt: clock.now() }, null, 2)}\n`,
          ),
    )

/** `cli_auth_credentials_store`. A configuration that cannot be read says nothing, so nothing is written. */
const isKeptInFile = (
  { files }: Pick<Ports, 'files'>,
  { configFile }: Layout,
): ResultAsync<boolean, FileError> =>
  files
    .read(configFile)
    .orElse((error) => (error._tag === 'NotFound' ? okAsync('') : errAsync(error)))
    .map((text) =>
      Configuration.read([{ place: configFile, text }], O.none).match(
        ({ credentialsStore }) => credentialsStore === 'file',
        () => false,
      ),
    )
