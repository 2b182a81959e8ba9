/**
 * Lives on the accounts of a folder: at each line it is told it renews an account, as a process that
 * serves does, and says what came of it: `ok <refresh token>` or the name of the error. A line is the
 * account's key and the access token it holds to be bad, `-` for none.
 */
import { createInterface } from 'node:readline'
import * as O from 'fp-ts/Option'
import { nodeClock } from '../../adapters/node/clock'
import { nodeFileSystem } from '../../adapters/node/file-system'
import { nodeHash } from '../../adapters/node/hash'
import { nodeHttp } from '../../adapters/node/http'
import { nodeLock } from '../../adapters/node/lock'
import { nodeProcess } from '../../adapters/node/process'
import { nodeRandom } from '../../adapters/node/random'
import { catalogue } from '../../core/settings/catalogue'
import * as Layout from '../../core/storage/layout'
import { refreshAccount } from '../../entrypoints/programs/refresh'

const [root = '', issuer = ''] = process.argv.slice(2)
const layout = Layout.of({ home: root, codexHome: `${root}/codex`, ownRoot: `${root}/pool` })
const files = nodeFileSystem()
const clock = nodeClock()
const host = nodeProcess()
const lock = nodeLock({ files, clock, random: nodeRandom(), process: host })
const refresh = refreshAccount(
  {
    ...{ files, clock, lock, process: host },
    hash: nodeHash(),
    http: nodeHttp(process.env),
  },
  layout,
  { issuer, backend: issuer, isRealBackend: false },
  { spacing: async () => catalogue.refreshSpacingMs.standard, sync: 'auto' },
)

const main = async (): Promise<void> => {
  process.stdout.write('ready\n')
  for await (const line of createInterface({ input: process.stdin })) {
    const [key = '', seen = '-'] = line.split(' ')
    const renewed = await refresh(key, seen === '-' ? O.none : O.some(seen))
    const said = renewed.match(
      ({ credential }) => `ok ${credential.refresh.reveal()}`,
      ({ _tag }) => _tag,
    )
    process.stdout.write(`${said}\n`)
  }
}

void main()
