/** What each file of ours holds, in words for the person whose files they are. */
import type { Layout } from './layout'

/** In words; the first that fits the path below the root counts. */
const kinds: ReadonlyArray<readonly [fits: RegExp, holds: string]> = [
  [/^openai-codex-accounts\.json$/, 'the accounts with their tokens'],
  [/^openai-codex-accounts\.json\.reset-intent$/, 'that all accounts were given up on purpose'],
  [/^openai-codex-accounts\.json\.damaged$/, 'accounts that could not be read, with their tokens'],
  [/^openai-codex-accounts\.json\./, 'a copy of the accounts with their tokens'],
  [/^openai-codex-(flagged|blocked)-accounts\.json/, 'accounts set aside, with their tokens'],
  [/^backups\/[^/]+\.json$/, 'a backup of the accounts with their tokens'],
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
    /^(pool\.lock|settings\.lock|account-policies\.lock|refresh\.lease|spending-[^/]+\.lock|runtime\/state\.lock)(\/|$)/,
    'a lock, while it is held',
  ],
]

/** Of a path below the root. */
export const holds = ({ root }: Pick<Layout, 'root'>, path: string): string => {
  const name = path.slice(root.length + 1)
  return kinds.find(([fits]) => fits.test(name))?.[1] ?? 'not made by this program'
}
