/**
 * Who an account is: a ChatGPT account (the workspace, claim `chatgpt_account_id`) together with the
 * user who signed in to it (claim `chatgpt_user_id`, else the e-mail key).
 *
 * Never a list position and never an id from a token's `organizations`: those are API organisations,
 * which the backend does not know as accounts (protocol.md, section 2).
 */
import * as O from 'fp-ts/Option'

export interface Identity {
  readonly accountId: string
  /** User id, else e-mail key. */
  readonly user: string
}

/** `<account id>/<user>`: the one text form of an identity, in files and in JSON. */
export type AccountKey = string & { readonly unit?: 'AccountKey' }

export const key = (identity: Identity): AccountKey => `${identity.accountId}/${identity.user}`

export const emailKey = (email: string): string => email.trim().toLowerCase()

export const make = (
  accountId: string,
  userId: O.Option<string>,
  email: O.Option<string>,
): Identity => ({
  accountId,
  user: O.isSome(userId) ? userId.value : O.isSome(email) ? emailKey(email.value) : '',
})
