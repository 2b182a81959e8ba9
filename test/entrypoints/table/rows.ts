/** What each command does in each state: nothing is lost, nothing hangs, and what is said is so. */
import {
  closed,
  corrupt,
  each,
  full,
  newer,
  noAccounts,
  noSecond,
  row,
  type Answer,
  type Row,
} from './row'
import { beside } from './rows-beside'

const changes = [
  ...['switch 2', 'rename 2 work', 'disable 2', 'enable 2', 'account weight 2 3'],
  ...['remove 2 --yes', 'logout 2 --yes', 'workspace 2 2'],
]

/** A change that cannot be made is not made, and says why. */
const refusedChanges = [
  ...each(['none', 'official'], changes, noAccounts),
  ...each(['one'], changes, noSecond),
  ...each(['corrupt'], [...changes, 'unpin'], corrupt),
  ...each(['newer'], [...changes, 'unpin'], newer),
  ...each(['read-only'], [...changes, 'unpin'], closed),
  ...each(['full'], [...changes, 'unpin'], full),
]

const needsSignIn = /^Warning: It cannot serve now \(needs sign-in\); .* codex-multi-auth login\n$/

const madeChanges = [
  row('three', 'switch 2', {
    code: 0,
    out: /^Switched to account 2, grace@mail\.test, plan plus\.\n/,
    json: { account: { number: 2, pinned: true, active: true } },
    after: 'ada, grace pinned, barbara',
    writesLogin: true,
  }),
  row('three', 'auth use grace', {
    code: 0,
    out: /^Switched to account 2, /,
    json: { account: { number: 2 } },
    after: 'ada, grace pinned, barbara',
    writesLogin: true,
  }),
  row('dead', 'switch 2', {
    code: 0,
    out: /^Switched to account 2, /,
    err: needsSignIn,
    json: { account: { status: 'needs-sign-in', pinned: true } },
    after: 'ada, grace lost pinned, barbara',
  }),
  ...each(['none', 'one', 'three', 'dead'], ['unpin'], {
    code: 0,
    out: /^No account was pinned\.\n$/,
    json: { unpinned: null },
  }),
  ...each(['one', 'three', 'dead'], ['rotation off', 'rotation disable'], {
    code: 0,
    out: /^Routing is manual: only account 1 serves, ada@mail\.test, plan plus\.\n.* switch ACCOUNT\n$/,
    json: { pool: { routing: 'manual', strategy: 'manual' }, changed: true },
  }),
  ...each(['one', 'three', 'read-only', 'full'], ['rotation on', 'rotation status'], {
    code: 0,
    out: /^Routing is automatic: .* strategy hybrid\.\n$/,
    json: { pool: { routing: 'automatic' }, changed: false },
  }),
  row('read-only', 'rotation off', closed),
  row('full', 'rotation off', full),
  ...each(['corrupt'], ['rotation on', 'rotation off', 'rotation status'], corrupt),
  row('three', 'rename 2 work', {
    code: 0,
    out: /^Account 2 is now work \(grace@mail\.test\), plan plus\.\n$/,
    json: { account: { label: 'work' } },
    after: 'ada, grace(work), barbara',
  }),
  row('three', 'disable 2', {
    code: 0,
    out: /^Disabled account 2, /,
    json: { changed: true, account: { enabled: false, status: 'disabled' } },
    after: 'ada, grace off, barbara',
  }),
  row('three', 'enable 2', {
    code: 0,
    out: /^Account 2, .* is enabled already\.\n$/,
    json: { changed: false },
  }),
  row('dead', 'enable 2', {
    code: 0,
    out: /^Account 2, .* is enabled already\.\n$/,
    err: needsSignIn,
    json: { changed: false, account: { status: 'needs-sign-in' } },
  }),
  row('three', 'account weight 2 3', {
    code: 0,
    out: /^Account 2, grace@mail\.test, plan plus:\n {2}tier 1, weight 3\n$/,
    json: { changed: true, policy: { weight: 3 } },
  }),
  row('three', 'account weight 2 99', {
    code: 2,
    err: /^Error: A weight is a number from 0 to 10\.\nGive one of those\.\n$/,
    json: 'weight-unfit',
  }),
  row('three', 'account tag 2 work home', {
    code: 0,
    out: /^Account 2, .*:\n.* tags (work home|home work)\n$/,
    json: { changed: true },
  }),
  ...each(['three', 'dead'], ['account pause 2'], {
    code: 0,
    out: /^Account 2, .*:\n.*, paused\n$/,
    json: { changed: true, policy: { paused: true } },
  }),
  ...each(['three'], ['workspace 2 grace', 'multi auth workspace 2 2'], {
    code: 0,
    out: /^Switched to account 2, /,
    json: { workspaces: [{ number: 2, pinned: true }] },
    after: 'ada, grace pinned, barbara',
    writesLogin: true,
  }),
  row('three', 'workspace 2 1', {
    code: 2,
    err: /^Error: No account matches "1"\.\n.*\n {2}2 {2}grace.*\n$/,
    json: 'no-match',
  }),
  ...each(['three', 'dead'], ['remove 2 --yes'], {
    code: 0,
    out: /^Removed account 2, grace@mail\.test, plan plus\.\nAccount 1, ada@mail\.test, /,
    json: { removed: { email: 'grace@mail.test' }, pool: { total: 2 } },
    after: 'ada, barbara',
  }),
  ...each(['three', 'dead'], ['logout 2 --yes'], {
    code: 0,
    out: /^Logged out and forgot account 2, /,
    json: { loggedOut: { email: 'grace@mail.test' }, revoked: true, pool: { total: 2 } },
    after: 'ada, barbara',
  }),
  row('one', 'remove ada --yes', {
    code: 0,
    out: /^Removed account 1, /,
    json: { pool: { total: 0, active: null } },
    after: '',
  }),
  ...each(['three'], ['remove 2', 'logout 2'], {
    code: 2,
    err: /^Error: What (remove|logout) does cannot be undone, so it asks for --yes\.\n/,
    json: 'needs-yes',
  }),
  ...each(['three'], ['switch mail.test', 'disable 51a', 'remove mail --yes', 'logout a --yes'], {
    code: 2,
    err: /^Error: "\S+" matches 3 accounts\.\n.*\n {2}1 {2}ada.*\n {2}2 {2}grace.*\n {2}3 {2}barbara.*\n$/,
    json: 'several-match',
  }),
]

const empty: Answer = {
  code: 0,
  out: /^No accounts yet\. Add one: codex-multi-auth login\n$/,
  json: { accounts: [], pool: { total: 0 } },
}
const threeShown: Answer = {
  code: 0,
  out: /ada@mail\.test +plus +ready[^]*grace@mail\.test +plus +ready[^]*barbara@mail\.test/,
  json: { pool: { ready: 3, total: 3 } },
}

const quotaTold: Answer = {
  code: 0,
  out: /ada@mail\.test +plus +ready\n +5 hours 100% left, week 100% left\n/,
  json: { accounts: [{ usage: 'read' }, {}, {}] },
}

const nextIsAda: Answer = {
  code: 0,
  out: /^The next request goes to account 1, ada@mail\.test\.\n\n[^]*\n1 {2}ada@mail\.test +chosen: /,
  json: { because: 'hybrid', trace: [{ number: 1 }, { number: 2 }, { number: 3 }] },
}

/** Looking never takes a writable disk. */
const looks = [
  ...each(['none', 'official'], ['why'], noAccounts),
  ...each(['three', 'dead', 'read-only', 'full'], ['why'], nextIsAda),
  ...each(['none', 'official'], ['check', 'limits'], {
    code: 0,
    out: /^No accounts yet\. Add one: codex-multi-auth login\n$/,
    json: { accounts: [] },
  }),
  ...each(['three', 'dead', 'read-only', 'full'], ['check'], quotaTold),
  ...each(['three', 'read-only', 'full'], ['check --probe'], {
    code: 0,
    out: /^1 {2}ada@mail\.test +plus\n {5}served\n {5}5 hours 100% left, week 100% left\n/,
    json: { model: 'gpt-5.5', accounts: [{ probe: { outcome: 'served' } }, {}, {}] },
  }),
  ...each(['three', 'read-only', 'full'], ['limits'], {
    code: 0,
    out: /^1 {2}ada@mail\.test, plan plus: ready\n {3}quota not seen yet\n/,
    json: { accounts: [{ source: null }, {}, {}] },
  }),
  ...each(['three', 'full'], ['limits clear --all --yes', 'limits clear 1 --dry-run'], {
    code: 0,
    out: /^There is nothing to forget\.\n$/,
    json: { cleared: [] },
  }),
  row('three', 'limits clear 1', { code: 2, err: /asks for --yes\.\n/, json: 'needs-yes' }),
  ...each(['corrupt'], ['check', 'limits', 'limits clear 1 --yes'], corrupt),
  ...each(['three', 'full'], ['why --last'], {
    code: 1,
    err: /^Error: The log holds no such decision\.\n/,
    json: 'no-decision',
  }),
  ...each(['corrupt'], ['why', 'why --last'], corrupt),
  ...each(['newer'], ['why'], newer),
  ...each(['none', 'official'], ['list', 'status'], empty),
  row('none', 'auth', empty),
  ...each(['three', 'read-only', 'full'], ['list', 'status'], threeShown),
  ...each(['dead'], ['list', 'status'], {
    code: 0,
    out: /grace@mail\.test +plus +needs sign-in/,
    json: { pool: { ready: 2, total: 3 } },
  }),
  ...each(['corrupt'], ['list', 'status'], corrupt),
  ...each(['newer'], ['list', 'status'], newer),
  ...each(['none'], ['workspace'], { ...empty, json: { workspaces: [] } }),
  ...each(['three', 'read-only', 'full'], ['workspace', 'workspace ada'], {
    code: 0,
    out: /^ +# +ACCOUNT[^]*\n\* +1 +ada@mail\.test +plus +\S+\n\n[^]*login --workspace ID\n$/,
    json: { workspaces: [{ number: 1, active: true }] },
  }),
  ...each(['corrupt'], ['workspace'], corrupt),
  ...each(['three', 'read-only', 'full'], ['account policy', 'account policy list'], {
    code: 0,
    out: /^(\d {2}\w+@mail\.test, plan plus\n.*tier 1, weight 1\n){3}$/,
    json: { accounts: [{ number: 1 }, { number: 2 }, { number: 3 }] },
  }),
  ...each(['corrupt'], ['account policy'], corrupt),
  row('none', 'status --files', {
    code: 0,
    out: /^Nothing is stored\.\n\n.*auth\.json is missing/,
    json: { files: [] },
  }),
  ...each(['three', 'corrupt', 'newer', 'read-only', 'full'], ['status --files'], {
    code: 0,
    out: /openai-codex-accounts\.json +\d+ +600 +the accounts with their tokens\n/,
    json: { official: [{ exists: true }] },
  }),
  ...['bash', 'zsh', 'fish'].flatMap((shell) =>
    each(['none', 'corrupt', 'full'], [`completion ${shell}`], {
      code: 0,
      out: /_codex_multi_auth/,
      json: { shell },
    }),
  ),
  row('none', 'completion nonsense', {
    code: 2,
    err: /^Error: completion takes one of bash, zsh, fish\n/,
    json: 'wrong-usage',
  }),
  ...each(['none', 'three', 'corrupt', 'read-only', 'full'], ['shim status'], {
    code: 0,
    out: /^Shim +not installed\n/,
    json: { installed: false, mend: 'codex-multi-auth shim install' },
  }),
]

const responsible = /^Sign in with accounts of your own/
const waits = /codex\/device\n\nand type this code:\n\n[\w-]+\n[^]*Waiting for the sign-in\./

/** There is no terminal to ask at. */
const automatic =
  /Requests move between your accounts by themselves from now on\..*\ncodex-multi-auth rotation off\n$/

const signIns = [
  row('none', 'login --import', {
    code: 1,
    err: /\n\nError: The official CLI has no sign-in: there is no .*auth\.json\.\nSign in here instead: .*\n$/,
    json: 'official-not-signed-in',
    talks: true,
  }),
  row('official', 'login --import', {
    code: 0,
    out: /^Added account 1: ada@mail\.test, plan plus\n$/,
    err: responsible,
    json: { outcome: 'added', account: { number: 1 } },
    talks: true,
    after: 'ada',
  }),
  ...each(['one', 'three', 'dead'], ['login --import'], {
    code: 0,
    out: /^Updated account 1: ada@mail\.test, plan plus\n$/,
    json: { outcome: 'updated', account: { number: 1 } },
  }),
  ...each(['corrupt'], ['login --import', 'login --device-auth'], corrupt),
  ...each(['newer'], ['login --import', 'login --device-auth'], newer),
  ...[
    { state: 'read-only' as const, why: 'permission denied' },
    { state: 'full' as const, why: 'the disk is full' },
  ].flatMap(({ state, why }) => [
    row(state, 'login --import', {
      code: 5,
      err: new RegExp(
        `^Error: Signed in as ada@mail\\.test, but it could not be stored: .*${why}\\.\\n`,
      ),
      json: 'storage-fault',
    }),
    row(state, 'login --device-auth', {
      code: 5,
      err: new RegExp(
        `Error: Signed in as grace@mail\\.test, but it could not be stored: .*${why}\\.\\n`,
      ),
      json: 'storage-fault',
      talks: true,
    }),
  ]),
  row('none', 'login --device-auth', {
    code: 0,
    out: /^Added account 1: grace@mail\.test, plan plus\nThe official Codex CLI is signed in with it too\.\n$/,
    err: responsible,
    json: { outcome: 'added' },
    talks: true,
    after: 'grace',
    writesLogin: true,
  }),
  row('one', 'login --device-auth', {
    code: 0,
    out: /^Added account 2: grace@mail\.test, plan plus\n$/,
    err: automatic,
    json: { outcome: 'added', account: { number: 2, active: true } },
    talks: true,
    after: 'ada, grace',
  }),
  row('three', 'login --device-auth', {
    code: 0,
    out: /^Updated account 2: grace@mail\.test, plan plus\n$/,
    err: waits,
    json: { outcome: 'updated', account: { number: 2 } },
    talks: true,
  }),
  row('dead', 'login --device-auth', {
    code: 0,
    out: /^Updated account 2: grace@mail\.test, plan plus\n$/,
    err: waits,
    json: { outcome: 'updated', account: { status: 'ready' } },
    talks: true,
    after: 'ada, grace, barbara',
  }),
  row('one', 'login', {
    code: 0,
    out: /^Added account 2: /,
    err: /^No browser can be opened here[^]*ssh -L 1455:/,
    json: { outcome: 'added' },
    talks: true,
    after: 'ada, grace',
    environment: { SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' },
  }),
  ...each(['none', 'three'], ['login --manual'], {
    code: 1,
    err: /127\.0\.0\.1[^]*\nError: The sign-in was cancelled\. Nothing was changed\.\n$/,
    json: 'sign-in-cancelled',
    talks: true,
  }),
  row('three', 'login --workspace', {
    code: 2,
    err: /^Error: Not enough arguments following: workspace\nSee: codex-multi-auth login --help\n$/,
    json: 'wrong-usage',
  }),
]

const setAside = [
  ...each(['flagged'], ['list', 'status'], {
    code: 0,
    out: /ada@mail\.test +plus +ready[^]*grace@mail\.test +plus +set aside \(token-invalid\)/,
    json: { accounts: [{}, { number: 2, status: 'flagged', reasons: ['flagged'] }] },
  }),
  ...each(['flagged'], ['check'], {
    code: 0,
    out: /grace@mail\.test +plus +set aside \(token-invalid\)\n +not asked: it is set aside\n/,
    json: { accounts: [{ usage: 'read' }, { usage: 'not-asked' }] },
  }),
  row('flagged', 'why', {
    code: 0,
    out: /\n2 {2}grace@mail\.test +is set aside \(token-invalid\)\n/,
    json: { trace: [{ outcome: 'chosen' }, { number: 2, outcome: 'flagged' }] },
  }),
  ...each(['flagged'], ['switch 2', 'rename grace work', 'disable grace', 'logout 2 --yes'], {
    code: 4,
    err: /^Error: grace@mail\.test is set aside, .*\n.* codex-multi-auth verify-flagged\n$/,
    json: 'account-flagged',
  }),
  row('flagged', 'remove 2 --yes', {
    code: 0,
    out: /^Removed account 2, grace@mail\.test, plan plus\.\n/,
    json: { removed: { status: 'flagged' }, pool: { total: 1 } },
  }),
  ...each(['flagged'], ['verify-flagged', 'auth verify', 'verify --flagged'], {
    code: 0,
    out: /^Tried: 1 account\n {2}grace@mail\.test {2}token-invalid {2}restored\n$/,
    json: { total: 1, restored: 1, remainingFlagged: 0 },
    after: 'ada, grace',
  }),
  row('flagged', 'verify-flagged --no-restore', {
    code: 0,
    out: /works, and stays set aside\n$/,
    json: { restored: 0, healthyFlagged: 1, remainingFlagged: 1 },
  }),
  row('flagged', 'verify-flagged --dry-run', {
    code: 0,
    out: /^Set aside: 1 account\n[^]*would be tried\nNothing was tried and nothing was changed\.\n$/,
    json: { changed: false, dryRun: true, reports: [{ outcome: 'not-tried' }] },
  }),
  row('flagged', 'login --device-auth', {
    code: 0,
    out: /^Added account 2: grace@mail\.test, plan plus\n$/,
    err: automatic,
    json: { outcome: 'added', account: { number: 2, status: 'ready' } },
    talks: true,
    after: 'ada, grace',
  }),
  ...each(['none', 'three', 'read-only', 'full'], ['verify-flagged'], {
    code: 0,
    out: /^No account is set aside\.\n$/,
    json: { total: 0, reports: [] },
  }),
  ...each(['corrupt'], ['verify-flagged'], corrupt),
]

const holdsTokens = /^Warning: The (export|backup) holds tokens: .*\n$/

const copies = [
  ...each(['none', 'official'], ['export accounts.json', 'backup safe'], noAccounts),
  ...each(['corrupt'], ['export accounts.json', 'backup safe'], corrupt),
  ...each(['newer'], ['export accounts.json', 'backup safe'], newer),
  row('three', 'export accounts.json', {
    code: 0,
    out: /^Exported 3 accounts to accounts\.json\n$/,
    err: holdsTokens,
    json: { file: 'accounts.json', accounts: 3, pool: null },
  }),
  row('three', 'export', {
    code: 0,
    out: /^Exported 3 accounts to codex-multi-auth-accounts-\d{4}-\d\d-\d\d\.json\n$/,
    err: holdsTokens,
    json: { accounts: 3 },
  }),
  row('three', 'backup safe', {
    code: 0,
    out: /^Backed up 3 accounts to .*safe\.json\n/,
    err: holdsTokens,
    json: { name: 'safe', accounts: 3 },
  }),
  ...each(['read-only'], ['backup safe'], closed),
  ...each(['full'], ['backup safe'], full),
  ...each(['none', 'three', 'corrupt', 'read-only', 'full'], ['restore'], {
    code: 0,
    out: /^No backups yet\. /,
    json: { backups: [] },
  }),
  ...each(['none', 'three'], ['restore nothing --yes', 'import nothing'], {
    code: 2,
    err: /^Error: .*nothing.* is not there\.\n/,
    json: 'file-missing',
  }),
]

const ci = { CI: 'true' }

/** As without it: there is no terminal either way, and nobody is asked. */
const inCi = [
  row('three', 'list', { ...threeShown, environment: ci }),
  row('three', 'auth', { ...threeShown, environment: ci }),
  row('three', 'remove 2', {
    code: 2,
    err: /asks for --yes/,
    json: 'needs-yes',
    environment: ci,
  }),
  row('none', 'login --import', {
    code: 1,
    err: /official CLI has no sign-in/,
    json: 'official-not-signed-in',
    talks: true,
    environment: ci,
  }),
  row('corrupt', 'list', { ...corrupt, environment: ci }),
]

const usage = [
  row('three', 'nonsense', {
    code: 2,
    err: /^Error: There is no command "nonsense"\.\nSee all commands: /,
    json: 'unknown-command',
  }),
  row('three', 'swich 2', {
    code: 2,
    err: /^Error: There is no command "swich"\.\nDid you mean one of these\?\n {2}switch\n$/,
    json: 'unknown-command',
  }),
  row('three', 'switch', {
    code: 2,
    err: /^Error: switch needs <account>\nSee: codex-multi-auth switch --help\n$/,
    json: 'wrong-usage',
  }),
  row('corrupt', 'list --nonsense', {
    code: 2,
    err: /^Error: Unknown argument: nonsense\nSee: codex-multi-auth list --help\n$/,
    json: 'wrong-usage',
  }),
]

/** Account work is never forwarded, however it is misspelt. */
const nonsenseAt = (door: string): string => `codex ${door} nonsense`

/** The official CLI here says how many arguments it got, and ends with 7: nothing keeps it from running. */
const forwarded = [
  ...each(['none', 'corrupt', 'newer', 'read-only', 'full'], ['codex --version'], {
    code: 7,
    out: /^official: 1\n$/,
    json: null,
  }),
  ...each(['one', 'three', 'dead'], ['codex exec hi'], {
    code: 7,
    out: /^official: 6\n$/,
    json: null,
  }),
  ...each(['none', 'official'], ['codex exec hi'], {
    code: 7,
    out: /^official: 2\n$/,
    err: /^codex-multi-auth: there are no accounts yet, .*\n$/,
    json: null,
  }),
  ...each(['corrupt', 'newer'], ['codex exec hi'], {
    code: 7,
    out: /^official: 2\n$/,
    err: /^codex-multi-auth: the accounts in .* cannot be read, so Codex uses its own sign-in\. .*\n$/,
    json: null,
  }),
  ...each(['none', 'three', 'read-only', 'full'], ['codex login', 'codex logout'], {
    code: 7,
    out: /^official: 1\n$/,
    json: null,
  }),
  ...each(['corrupt', 'newer'], ['codex logout'], {
    code: 7,
    out: /^official: 1\n$/,
    err: /^codex-multi-auth: the old sign-in is not revoked, .*: the accounts in .* cannot be read\. See why: codex-multi-auth list\n$/,
    json: null,
  }),
  ...each(['read-only', 'full'], ['codex exec hi', 'codex --account grace exec hi'], {
    code: 7,
    out: /^official: 6\n$/,
    err: /^codex-multi-auth: Codex may find itself signed out: .* could not be written \((ENOSPC|EACCES)\)\.\n$/,
    json: null,
  }),
  row('three', 'codex --account grace exec hi', {
    code: 7,
    out: /^official: 6\n$/,
    json: null,
  }),
  row('three', 'codex exec hi', {
    code: 7,
    out: /^official: 6\n$/,
    json: null,
    environment: { CODEX_MULTI_AUTH_FORCE_ACCOUNT: 'grace' },
  }),
  // Held to one account, it runs on that one or not at all.
  row('none', 'codex --account grace exec hi', {
    code: 2,
    err: /^codex-multi-auth: there are no accounts yet\. .* login\n$/,
    json: null,
  }),
  row('one', 'codex --account grace exec hi', {
    code: 2,
    err: /^codex-multi-auth: .*grace.*\n/,
    json: null,
  }),
  ...each(['corrupt', 'newer'], ['codex --account grace exec hi'], {
    code: 5,
    err: /^codex-multi-auth: the accounts in .* cannot be read, .*account "grace"\. .*\n$/,
    json: null,
  }),
  row('three', 'codex --account mail exec hi', {
    code: 2,
    err: /^codex-multi-auth: .*mail.*\n/,
    json: null,
  }),
  row('three', 'codex --account', {
    code: 2,
    err: /^codex-multi-auth: --account needs the name of an account\. .*\n$/,
    json: null,
  }),
  row('three', 'codex auth list', { ...threeShown }),
  ...each(['three'], ['auth', 'multi auth', 'multi-auth', 'multiauth'].map(nonsenseAt), {
    code: 2,
    err: /^Error: There is no command "nonsense"\./,
    json: 'unknown-command',
  }),
]

export const groups: Readonly<Record<string, ReadonlyArray<Row>>> = {
  'a look': looks,
  'a change that is made': madeChanges,
  'a change that is refused': refusedChanges,
  'a sign-in': signIns,
  'an account that is set aside': setAside,
  'a copy of the accounts': copies,
  ...beside,
  'in CI': inCi,
  'wrong words': usage,
  'the official CLI': forwarded,
}
