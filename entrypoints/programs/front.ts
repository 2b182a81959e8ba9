/** The front identity: the sign-in in the official CLI's `auth.json`. Here it is only read. */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type * as Credential from '../../core/accounts/credential'
import * as Identity from '../../core/accounts/identity'
import * as AuthFile from '../../core/official/auth-file'
import type { Layout } from '../../core/storage/layout'
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
  ports.files
    .read(layout.authFile)
    .map((text) => AuthFile.parse(text).match(frontOf, () => O.none))
    .orElse((error) => (error._tag === 'NotFound' ? okAsync(O.none) : errAsync(error)))

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
