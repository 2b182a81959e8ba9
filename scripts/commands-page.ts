/** The page of commands, `docs/commands.md`, made from the table and from the help of each. */
import { parse } from '../entrypoints/cli/commands'
import { exit } from '../entrypoints/cli/rendered'
import { commands } from '../entrypoints/cli/table'

export const commandsPage = async (): Promise<string> =>
  [
    ...opening,
    ...endings.map((ending) => `| ${exit[ending]} | ${meanings[ending]} |`),
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
