/** What commands do that leave the accounts alone: policies, settings, files of other programs. */
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

const policiesPath = '.codex/multi-auth/account-policies.json'
const settingsPath = '.codex/multi-auth/settings.json'
const shimPath = '.codex/multi-auth/bin/codex'

const policyChanges = [
  ...['tag 2 work', 'untag 2 work', 'tier 2 0', 'pause 2', 'unpause 2'],
  ...['drain 2', 'undrain 2', 'note 2 May'],
].map((words) => `account ${words}`)

/** Of what is so already nothing is written, so it takes no writable disk either. */
const isSo = ['account untag 2 work', 'account unpause 2', 'account undrain 2']
const changing = policyChanges.filter((words) => !isSo.includes(words))

const policy = (words: string, out: RegExp, part: object, text: RegExp): Row =>
  row('three', words, {
    code: 0,
    out,
    json: { changed: true, policy: part, account: { number: 2 } },
    leaves: { [policiesPath]: text },
  })

const policies = [
  policy('account tier 2 0', /^Account 2, .*:\n {2}tier 0, weight 1\n$/, { tier: 0 }, /"tier": 0/),
  policy('account drain 2', /, draining\n$/, { draining: true }, /"draining": true/),
  policy('account note 2 May', /, note: May\n$/, { note: 'May' }, /"note": "May"/),
  ...each(['three', 'dead'], isSo, {
    code: 0,
    out: /^Account 2, .*, was so already:\n {2}tier 1, weight 1\n$/,
    json: { changed: false },
    leaves: { [policiesPath]: null },
  }),
  row('three', 'account tier 2 10', {
    code: 2,
    err: /^Error: A tier is a whole number from 0 to 9\.\n/,
    json: 'tier-unfit',
  }),
  ...each(['none', 'official'], policyChanges, noAccounts),
  ...each(['one'], policyChanges, noSecond),
  ...each(['corrupt'], policyChanges, corrupt),
  ...each(['newer'], policyChanges, newer),
  ...each(['read-only'], changing, closed),
  ...each(['full'], changing, full),
]

/** Settings are read and changed whatever the accounts are. */
const settings = [
  ...each(['none', 'three', 'corrupt', 'newer', 'read-only', 'full'], ['config explain'], {
    code: 0,
    out: /^SETTING +VALUE +FROM\nschedulingStrategy +hybrid +default\n/,
    json: {},
  }),
  ...each(['none', 'corrupt', 'read-only', 'full'], ['config get schedulingStrategy'], {
    code: 0,
    out: /^hybrid\n$/,
    json: { key: 'schedulingStrategy', value: 'hybrid', origin: { kind: 'default' } },
  }),
  ...each(['none', 'three', 'corrupt', 'newer'], ['config set fetchTimeoutMs 50000'], {
    code: 0,
    out: /^fetchTimeoutMs is 50000 \(.*settings\.json, line \d+\)\.\n$/,
    json: { value: 50_000, origin: { kind: 'file' } },
    leaves: { [settingsPath]: /"fetchTimeoutMs": 50000/ },
  }),
  row('read-only', 'config set fetchTimeoutMs 50000', closed),
  row('full', 'config set fetchTimeoutMs 50000', full),
  ...each(['none', 'three', 'corrupt'], ['config unset fetchTimeoutMs'], {
    code: 0,
    out: /^fetchTimeoutMs is \d+ \(default\)\.\n$/,
    json: { origin: { kind: 'default' } },
  }),
  ...each(['none', 'corrupt'], ['config schema'], {
    code: 0,
    out: /^\{\n {2}"\$schema": /,
    json: { type: 'object' },
  }),
  ...each(
    ['none', 'three'],
    ['config get nonsense', 'config set nonsense 1', 'config unset nonsense'],
    {
      code: 2,
      err: /^Error: There is no setting "nonsense"\.\n/,
      json: 'no-such-setting',
    },
  ),
  row('three', 'config set fetchTimeoutMs much', {
    code: 2,
    err: /^Error: fetchTimeoutMs takes a whole number from \d+ to \d+\.\n/,
    json: 'bad-value',
    leaves: { [settingsPath]: null },
  }),
]

const installed: Answer = {
  code: 0,
  out: /^The shim is .*bin\/codex\n/,
  json: { dryRun: false, changed: true },
  leaves: { [shimPath]: /^#!\/bin\/sh\n/, '.bashrc': /multi-auth\/bin/ },
}

const ofOthers = [
  ...each(['none', 'three', 'corrupt'], ['shim install'], installed),
  row('read-only', 'shim install', { ...closed, leaves: { '.bashrc': null } }),
  row('full', 'shim install', { ...full, leaves: { '.bashrc': null } }),
  ...each(['none', 'three', 'corrupt', 'read-only', 'full'], ['shim install --dry-run'], {
    code: 0,
    out: /^The shim would be .*\nNothing was changed\.\n$/s,
    json: { dryRun: true },
    leaves: { [shimPath]: null, '.bashrc': null },
  }),
  ...each(['none', 'three'], ['shim remove'], {
    code: 0,
    out: /^There is no shim\.\n$/,
    json: { changed: false, files: [] },
  }),
  row('none', 'shim nonsense', {
    code: 2,
    err: /^Error: shim takes one of install, remove, status\n/,
    json: 'wrong-usage',
  }),
  ...each(['none', 'three', 'corrupt'], ['plugin install opencode'], {
    code: 0,
    out: /^OpenCode loads the plugin at its next start\.\n {2}made .*opencode\/config\.json\n$/,
    json: { changed: true },
    leaves: { '.config/opencode/config.json': /plugin\.js"/ },
  }),
  row('read-only', 'plugin install opencode', closed),
  row('full', 'plugin install opencode', full),
  ...each(['none', 'three'], ['plugin remove opencode'], {
    code: 0,
    out: /^There is no plugin\.\n$/,
    json: { changed: false, files: [] },
  }),
  ...each(['three'], ['plugin install nonsense', 'plugin remove nonsense'], {
    code: 2,
    err: /^Error: there is no plugin for "nonsense", only for opencode\n/,
    json: 'wrong-usage',
  }),
  ...each(['none', 'three', 'corrupt', 'read-only', 'full'], ['doctor'], {
    code: 0,
    out: /^ok {5}/,
    json: { summary: { error: 0 } },
  }),
]

/** An empty argument is none, and stands for nothing else. */
const empties = each(
  ['one'],
  ['switch ', 'export ', 'restore ', 'import ', 'logout ', 'config get '],
  {
    code: 2,
    err: /^Error: <\w+> is empty\nSee: codex-multi-auth .* --help\n$/,
    json: 'wrong-usage',
  },
)

const poolPath = '.codex/multi-auth/openai-codex-accounts.json'

const files = [
  row('three', `import ${poolPath}`, {
    code: 0,
    out: /^Imported 3 accounts from [^]*( {2}unchanged .*\n){3}$/,
    json: { dryRun: false, total: 3 },
  }),
  row('three', `import ${poolPath} --dry-run`, {
    code: 0,
    out: /^Would import 3 accounts from [^]*\nNothing was changed\.\n$/,
    json: { dryRun: true, total: 3 },
  }),
  row('corrupt', `import ${poolPath}`, {
    code: 1,
    err: /holds no accounts in a form that is known here\. Nothing was changed\.\n/,
    json: 'file-without-accounts',
  }),
  row('newer', `import ${poolPath}`, {
    code: 1,
    err: /has a version that this program does not know\. Nothing was changed\.\n/,
    json: 'file-newer',
  }),
  row('three', `export ${poolPath}`, {
    code: 2,
    err: /is there already and was left alone\.\n/,
    json: 'file-there',
  }),
  ...each(['read-only', 'full', 'dead'], ['export accounts.json'], {
    code: 0,
    out: /^Exported 3 accounts to accounts\.json\n$/,
    err: /^Warning: The export holds tokens: /,
    json: { accounts: 3 },
    leaves: { 'accounts.json': /"version": 3/ },
  }),
  row('three', 'backup ../safe', {
    code: 2,
    err: /is no name for a backup/,
    json: 'backup-name-unfit',
  }),
]

export const beside: Readonly<Record<string, ReadonlyArray<Row>>> = {
  'what is wanted of an account': policies,
  'a setting': settings,
  'a file of others': ofOthers,
  'a file of accounts': files,
  'an empty argument': empties,
}
