/** The front identity: the sign-in in the official CLI's `auth.json`. Here it is only read. */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import * as Credential from '../../core/accounts/credential'
import * as Identity from '../../core/accounts/identity'
import * as AuthFile from '../../core/official/auth-file'
import type * as Sync from '../../core/official/sync'
import * as FrontRecord from '../../core/storage/front-record'
import type { Layout } from '../../core/storage/layout'
import { minute, type Instant } from '../../core/time'
import type { FileError } from '../../ports/file-system'
import type { Ports } from './ports'

export interface Front {
  readonly key: Identity.AccountKey
  readonly credential: Credential.Credential
}

/** None without a file, or with one that the official CLI does not take for a ChatGPT sign-in. */
export const readFront = (
  ports: Pick<Ports, 'files'>,
  layout: Layout,
): ResultAsync<O.Option<Front>, FileError> =>
  textOf(ports, layout.authFile).map((text) => pipe(text, O.chain(fileOf), O.chain(frontOf)))

/** The file with what is remembered of it. */
export interface Look {
  readonly text: O.Option<string>
  readonly file: O.Option<AuthFile.AuthFile>
  readonly held: Sync.Held
  readonly record: O.Option<FrontRecord.FrontRecord>
  /** Also where the record cannot be read: that there is one says enough. */
  readonly wasSeen: boolean
}

export const lookAtFront = (
  ports: Pick<Ports, 'files' | 'clock' | 'hash'>,
  layout: Layout,
): ResultAsync<Look, FileError> =>
  ResultAsync.combine([textOf(ports, layout.authFile), textOf(ports, layout.frontLogin)]).map(
    ([text, remembered]) => {
      const file = pipe(text, O.chain(fileOf))
      const record = pipe(remembered, O.chain(FrontRecord.parse))
      const isSpent = (token: Credential.Secret): boolean =>
        O.isSome(spenderOf(ports, record, token))
      const held = pipe(
        file,
        O.chain(frontOf),
        O.map(({ key, credential }): Sync.Held => ({
          _tag: 'SignIn',
          key,
          credential: believed(ports.clock.now(), credential),
          isSpent: isSpent(credential.refresh),
        })),
        O.getOrElse((): Sync.Held => ({ _tag: O.isNone(text) ? 'Missing' : 'Foreign' })),
      )
      return { text, file, held, record, wasSeen: O.isSome(remembered) }
    },
  )

/** Whose the token is, when it is remembered as used up. */
export const spenderOf = (
  ports: Pick<Ports, 'hash'>,
  record: O.Option<FrontRecord.FrontRecord>,
  token: Credential.Secret,
): O.Option<Identity.AccountKey> =>
  pipe(record, O.chain(FrontRecord.spenderOf(digestOf(ports, token))))

export const digestOf = ({ hash }: Pick<Ports, 'hash'>, token: Credential.Secret): string =>
  Array.from(hash.sha256(new TextEncoder().encode(token.reveal())), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')

/**
 * A refresh in the future is none: the existing tool writes the expiry there (reference.md, section
 * 9.2), and a token that is spent must not pass for the newest one.
 */
const believed = (now: Instant, credential: Credential.Credential): Credential.Credential => ({
  ...credential,
  refreshedAt: pipe(
    credential.refreshedAt,
    O.filter((at) => at <= now + minute),
  ),
})

const textOf = (
  { files }: Pick<Ports, 'files'>,
  path: string,
): ResultAsync<O.Option<string>, FileError> =>
  files
    .read(path)
    .map((text): O.Option<string> => O.some(text))
    .orElse((error) => (error._tag === 'NotFound' ? okAsync(O.none) : errAsync(error)))

const fileOf = (text: string): O.Option<AuthFile.AuthFile> =>
  AuthFile.parse(text).match(O.some, () => O.none)

const frontOf = (file: AuthFile.AuthFile): O.Option<Front> =>
  pipe(
    AuthFile.identityOf(file),
    O.chain((identity) =>
      pipe(
        AuthFile.credentialOf(file),
        O.map((credential) => ({ key: Identity.key(identity), credential })),
      ),
    ),
  )
