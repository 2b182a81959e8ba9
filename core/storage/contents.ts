/** What each file of ours holds, in words for the person whose files they are. */
import type { Layout } from './layout'
import * as ProjectIdentity from './project-identity'

type Kinds = ReadonlyArray<readonly [fits: RegExp, holds: string]>

const lock = 'a lock, while it is held'

/** Of a pool, below its folder; the first that fits counts. */
const ofPool: Kinds = [
  [/^openai-codex-accounts\.json$/, 'the accounts with their tokens'],
  [/^openai-codex-accounts\.json\.reset-intent$/, 'that all accounts were given up on purpose'],
  [/^openai-codex-accounts\.json\.damaged$/, 'accounts that could not be read, with their tokens'],
  [/^openai-codex-accounts\.json\./, 'a copy of the accounts with their tokens'],
  [/^openai-codex-(flagged|blocked)-accounts\.json/, 'accounts set aside, with their tokens'],
  [/^backups\/[^/]+\.json$/, 'a backup of the accounts with their tokens'],
  [/^pool\.lock(\/|$)/, lock],
]

/** Of the user, below the root. */
const ofUser: Kinds = [
  [/^(settings|config)\.json/, 'settings'],
  [/^account-policies\.json/, 'what you want of each account'],
  [/^quota-cache\.json/, 'the last known quota of each account'],
  [/^front-login\.json$/, 'what was seen of the official sign-in'],
  [/^runtime\/state\.json/, 'cooldowns and conversations'],
  [/^runtime\/last-refresh\.json/, 'when a token was renewed last'],
  [/^runtime\/\d+\.json/, 'what a process that serves has on its way'],
  [/^runtime\/ports\.json/, 'the ports of the proxy'],
  [/^runtime\/opencode\.json/, 'when OpenCode last loaded the plugin'],
  [/^logs\/decisions\.jsonl/, 'which account was chosen and why'],
  [
    /^(settings\.lock|account-policies\.lock|refresh\.lease|spending-[^/]+\.lock|runtime\/state\.lock)(\/|$)/,
    lock,
  ],
]

const kindIn = (kinds: Kinds, name: string): string | undefined =>
  kinds.find(([fits]) => fits.test(name))?.[1]

/** Of a path below the root. */
export const holds = (
  { projects, root }: Pick<Layout, 'root' | 'projects'>,
  path: string,
): string => {
  const [key = '', ...below] = path.startsWith(`${projects}/`)
    ? path.slice(projects.length + 1).split('/')
    : []
  const holding = ProjectIdentity.isKey(key)
    ? kindIn(ofPool, below.join('/'))
    : kindIn([...ofPool, ...ofUser], path.slice(root.length + 1))
  if (holding === undefined) return 'not made by this program'
  return key === '' ? holding : `${holding}, of a project`
}
