/** The page of commands, `docs/commands.md`, made from the table and from the help of each. */
import { parse } from '../entrypoints/cli/commands'
import { errors, type ErrorCode } from '../entrypoints/cli/error-codes'
import { exit } from '../entrypoints/cli/exit'
import { commands } from '../entrypoints/cli/table'

export const commandsPage = async (): Promise<string> =>
  [
    ...opening,
    ...endings.map((ending) => `| ${exit[ending]} | ${meanings[ending]} |`),
    '',
    '| error code | exit code | means |',
    '| --- | --- | --- |',
    ...codes.map((code) => `| \`${code}\` | ${errors[code]} | ${causes[code]} |`),
    '',
    ...(await Promise.all(commands.map(section))).flat(),
  ].join('\n')

const opening: ReadonlyArray<string> = [
  '# Commands',
  '',
  '<!-- Made by `npm run docs` from entrypoints/cli/table.ts and the commands. -->',
  '',
  'Behind a shim, `codex auth <command>` is the same as `codex-multi-auth <command>`; `multi auth`, `multi-auth` and `multiauth` may stand in the place of `auth`.',
  'An account is named by its number in the list, its e-mail, label or id, or a part that only one has.',
  '',
  'With `--json` standard output is one document: `{"schemaVersion":1,"command":…,"ok":true,"data":…,"warnings":[…]}`, or `"ok":false` with `"error":{"code":…,"message":…,"hint":…,"candidates":[…]}` in place of `data`.',
  '`docs/schema.json` is the JSON schema of every such document; the package has it as `codex-multi-auth/schema.json`.',
  'What is said beside the answer goes to standard error.',
  '',
  '| exit code | means |',
  '| --- | --- |',
]

type Ending = keyof typeof exit

const meanings: Readonly<Record<Ending, string>> = {
  done: 'done',
  failed: 'failed',
  wrongUsage: 'wrong usage, an ambiguous name among it',
  noAccountServes: 'no account can serve now',
  signInNeeded: 'a sign-in is needed',
  storage: 'what is stored cannot be read or written',
  interrupted: 'interrupted',
}

const causes: Readonly<Record<ErrorCode, string>> = {
  'backup-elsewhere': 'a backup is a link that leads out of the folder of backups',
  'demo-failed': 'the demo could not be played',
  'device-code-not-offered': 'the issuer gives this person no codes to sign in with',
  'device-code-refused': 'the issuer refused the sign-in with a code',
  'exchange-refused': 'the issuer refused the code that a sign-in ended with',
  'exchange-unreadable': 'the issuer gave no usable tokens',
  'file-newer': 'the file to take in has a version that is not known here',
  'file-of-flagged': 'the file to take in holds accounts that are set aside',
  'file-too-large': 'the file to take in is larger than accounts are',
  'file-without-accounts': 'the file to take in holds no accounts',
  internal: 'the program failed by a fault of its own; please report it',
  'issuer-unreached': 'the issuer gave no answer',
  'no-account-id': 'the sign-in is for no ChatGPT account',
  'no-callback-port': 'the ports that a sign-in comes back to are taken',
  'no-decision': 'nothing was decided yet that could be explained',
  'no-such-account': 'the account was removed meanwhile',
  'official-api-key': 'the official CLI is signed in with an API key',
  'official-no-tokens': 'the official CLI has no sign-in that can be renewed',
  'official-of-user': 'the sign-in of the official CLI cannot be one of a project too',
  'official-not-signed-in': 'the official CLI is not signed in',
  'official-unreadable': 'the sign-in of the official CLI cannot be read',
  'other-workspace': 'the sign-in was for another workspace than the one asked for',
  'paste-unusable': 'what was pasted is no address that a sign-in ends at',
  'sign-in-cancelled': 'the person ended the sign-in',
  'sign-in-displaced': 'another sign-in took the place of this one',
  'sign-in-refused': 'the issuer refused the sign-in',
  'sign-in-timed-out': 'nobody finished the sign-in in time',
  'backup-name-unfit': 'a backup cannot have this name',
  'bad-value': 'the setting does not take this value',
  'file-is-folder': 'a folder has the name of the file to write or to take in',
  'file-missing': 'the file to take in is not there',
  'file-nowhere': 'the folder of the file to write is not there',
  'file-there': 'the file to write is there already',
  'label-taken': 'another account has this label',
  'label-too-long': 'the label is too long',
  'label-unprintable': 'the label holds characters that do not show',
  'needs-yes':
    'it cannot be undone, and `--yes` was left out; the candidates are accounts that would be forgotten',
  'no-match': 'no account is called so; the candidates are the keys of all',
  'no-project': 'the folder is in no project that could have accounts of its own',
  'no-such-setting': 'there is no such setting; the candidates are similar names',
  'note-unfit': 'the note is too long, or holds characters that do not show',
  'project-accounts-off': 'projects have no accounts of their own, by a setting',
  'setting-ignored': 'the setting means nothing here',
  'several-match': 'several accounts are called so; the candidates are their keys',
  'tag-unfit': 'a tag is empty, too long, or holds characters that do not show',
  'tier-unfit': 'the tier is out of bounds',
  'too-many-tags': 'the account would have too many tags',
  'unfit-folder': 'our folder cannot stand on PATH',
  'unknown-command': 'there is no such command; the candidates are similar names',
  'unsafe-address': 'a variable names an address that tokens may not be sent to',
  'weight-unfit': 'the weight is out of bounds',
  'wrong-usage': 'the words after the command are not what it takes',
  'no-account-serves': 'every account is barred now; the candidates are their keys',
  'account-flagged': 'the account is set aside, as its sign-in failed',
  'no-accounts': 'there are no accounts yet',
  'sign-in-needed':
    'no account serves before somebody signs in again; the candidates are their keys',
  'edits-unreadable': 'the journal of edited files cannot be read',
  'lock-held': 'another process holds a lock and does not let go',
  'lock-lost': 'a lock was taken over by another process; nothing was changed',
  'not-configuration': 'the configuration of a plugin host cannot be read',
  'not-text': 'a file to edit is not UTF-8 text',
  'policies-malformed': 'the file of policies cannot be read',
  'pool-malformed': 'the file of accounts cannot be read',
  'pool-unknown-version': 'the file of accounts has a version that is not known here',
  'settings-malformed': 'the settings file has not the form of settings',
  'settings-newer': 'the settings file has a version that is not known here',
  'settings-no-json': 'the settings file is no JSON',
  'storage-fault': 'a file or folder cannot be read or written',
  'storage-in-the-way': 'something stands where a file is to be made',
  'storage-missing': 'a file is not there',
  interrupted: 'Ctrl-C ended the sign-in',
}

const codes = Object.keys(errors) as ReadonlyArray<ErrorCode>

const endings = Object.keys(meanings) as ReadonlyArray<Ending>

const section = async ({
  name,
  aliases,
}: (typeof commands)[number]): Promise<ReadonlyArray<string>> => {
  const help = await parse([...name.split(' '), '--help'], '').match(
    (shown) => (shown._tag === 'Show' ? shown.text.trimEnd() : ''),
    (impossible: never) => impossible,
  )
  return [
    `## ${name}`,
    '',
    ...(aliases.length === 0
      ? []
      : [`Also: ${aliases.map((old) => `\`${old}\``).join(', ')}.`, '']),
    '```text',
    help,
    '```',
    '',
  ]
}
