/** Takes the official CLI's sign-in into the pool. Its file is only read. */
import * as O from 'fp-ts/Option'
import { err, errAsync, ok, type Result, type ResultAsync } from 'neverthrow'
import type { Credential } from '../../core/accounts/credential'
import * as Pool from '../../core/accounts/pool'
import * as AuthFile from '../../core/official/auth-file'
import { isOfProject } from '../../core/storage/layout'
import type { FrontPorts } from './front-sync'
import { store, type FrontUnusable, type Ground, type SignedIn, type SignInError } from './sign-in'

export const importFront = (
  ports: FrontPorts,
  ground: Pick<Ground, 'layout' | 'sync' | 'workspace'>,
): ResultAsync<SignedIn, SignInError> => {
  const { authFile } = ground.layout
  return isOfProject(ground.layout)
    ? errAsync(unusable(authFile, 'OfUser'))
    : ports.files
        .read(authFile)
        .mapErr((error): SignInError =>
          error._tag === 'NotFound' ? unusable(authFile, 'Missing') : error,
        )
        .andThen((text) => credentialOf(authFile, text))
        .andThen((credential) => store(ports, ground, credential, Pool.adopt))
}

const credentialOf = (path: string, text: string): Result<Credential, SignInError> => {
  const file = AuthFile.parse(text)
  if (file.isErr()) return err(unusable(path, 'Unreadable'))
  if (AuthFile.isApiKey(file.value)) return err(unusable(path, 'ApiKey'))
  const credential = AuthFile.credentialOf(file.value)
  // The CLI takes an empty refresh token; an account that cannot be renewed is none to keep.
  return O.isSome(credential) && credential.value.refresh.reveal() !== ''
    ? ok(credential.value)
    : err(unusable(path, 'NoTokens'))
}

const unusable = (path: string, because: FrontUnusable['because']): FrontUnusable => ({
  _tag: 'FrontUnusable',
  path,
  because,
})
