/**
 * Changes a pool over and over, in turn by a sign-in, a label and a pin of accounts of its own, and
 * says each change that is done: `ok <key> <number>`. Its first number is one of a sign-in; without a
 * number of changes it goes on for ever.
 */
import * as O from 'fp-ts/Option'
import { ok, type Result } from 'neverthrow'
import { nodeClock } from '../../adapters/node/clock'
import { nodeFileSystem } from '../../adapters/node/file-system'
import { nodeLock } from '../../adapters/node/lock'
import { nodeProcess } from '../../adapters/node/process'
import { nodeRandom } from '../../adapters/node/random'
import * as Account from '../../core/accounts/account'
import * as Pool from '../../core/accounts/pool'
import * as Layout from '../../core/storage/layout'
import { changePool } from '../../entrypoints/programs/pool'
import { accountOf } from './tokens'

const [root = '', name = '', accounts = '1', first = '0', changes = 'Infinity'] =
  process.argv.slice(2)
const layout = Layout.of({ home: root, codexHome: undefined, ownRoot: root })
const files = nodeFileSystem()
const lock = nodeLock({ files, clock: nodeClock(), random: nodeRandom(), process: nodeProcess() })

const accountFor = (number: number): Account.Account => {
  const which = `${name}-${Math.floor(number / 3) % Number(accounts)}`
  const person = { accountId: `acc-${which}`, userId: 'user', email: `${which}@mail.test` }
  return accountOf(person, number, String(number))
}

const labelled =
  (key: string, label: string) =>
  (pool: Pool.Pool): Pool.Pool => ({
    ...pool,
    accounts: pool.accounts.map((account) =>
      Account.key(account) === key ? { ...account, label: O.some(label) } : account,
    ),
  })

const change =
  (number: number, account: Account.Account) =>
  (pool: Pool.Pool): Result<Pool.Pool, Pool.NoSuchAccount> => {
    if (number % 3 === 0) return ok(Pool.signIn(account)(pool))
    const key = Account.key(account)
    return number % 3 === 1 ? ok(labelled(key, String(number))(pool)) : Pool.pin(key)(pool)
  }

const main = async (): Promise<void> => {
  for (let done = 0; done < Number(changes); done += 1) {
    const number = Number(first) + done
    const account = accountFor(number)
    const changed = await changePool({ files, lock }, layout)(change(number, account))
    if (changed.isErr()) {
      console.error(changed.error)
      process.exitCode = 1
      return
    }
    process.stdout.write(`ok ${Account.key(account)} ${number}\n`)
  }
}

void main()
