/** `login`: a new account, or a fresh sign-in of one that is there. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { okAsync, ResultAsync } from 'neverthrow'
import * as Way from '../../core/auth/way'
import * as Seams from '../../core/official/seams'
import { isOfProject } from '../../core/storage/layout'
import { printable } from '../../core/tui/printable'
import type { Front } from '../programs/front-sync'
import type { News } from '../programs/login'
import { readOutlook } from '../programs/outlook'
import { layoutOfProject } from '../programs/project-pool'
import { readSettings } from '../programs/settings'
import type { SignedIn } from '../programs/sign-in'
import * as Account from '../../core/accounts/account'
import * as Pool from '../../core/accounts/pool'
import { fromOption } from '../../core/result'
import { describe } from './account-text'
import { accountForm, findView, toAccountForm, viewOf, type AccountView } from './account-view'
import { command, type Answer, type Context } from './command'
import { frontText, frontWarnings } from './front-words'
import type { CliError } from './render-error'
import { troubles } from './examined'
import { settleRouting } from './routing-choice'
import { lackWords } from './render-sign-in-error'
import { warningsOf } from './warnings'

export interface Options {
  /** None for whatever fits the machine. */
  readonly way: O.Option<Way.Way>
  /** The ChatGPT account it must be, by its id. */
  readonly workspace: O.Option<string>
  /** Whether it joins the accounts that the project here has of its own. */
  readonly isForProject: boolean
  /** Whether a person reads the answer, who can be asked something. */
  readonly mayAsk: boolean
}

export interface Done {
  readonly isOfProject: boolean
  readonly account: AccountView
  readonly outcome: Pool.SignedIn
  readonly front: Front
  readonly warnings: ReadonlyArray<string>
}

/** Said in the help, and at the first sign-in. */
export const responsibleUse =
  'Sign in with accounts of your own, or with seats you may use: the terms of the\n' +
  'provider and of your employer decide what is allowed.'

export const run =
  (context: Context) =>
  (options: Options): ResultAsync<Done, CliError> =>
    options.isForProject
      ? layoutOfProject(
          context.ports,
          context.layout,
          context.around,
        )(context.folder).andThen((layout) => signingIn({ ...context, layout })(options))
      : signingIn(context)(options)

const signingIn =
  (context: Context) =>
  (options: Options): ResultAsync<Done, CliError> =>
    Seams.ofEnvironment(context.environment)
      .asyncAndThen((seams) =>
        loaded(context).andThen(({ signIn, ports, settings }) =>
          signIn(
            ports,
            {
              layout: context.layout,
              seams,
              workspace: options.workspace,
              sync: settings.syncCodexCli,
            },
            O.getOrElse(() => Way.standard(context.environment))(options.way),
            (news) => context.ports.terminal.say(words(news, context.environment)),
          ).andThen((signedIn) => settled(context, signedIn, options.mayAsk)),
        ),
      )
      .andThen((done) =>
        troubles(context).map((said) => ({ ...done, warnings: [...done.warnings, ...said] })),
      )

/** The browser, the network and the listener are loaded here and by no other command. */
const loaded = (context: Context) =>
  ResultAsync.fromSafePromise(
    Promise.all([import('../programs/login'), context.signInPorts()]),
  ).andThen(([{ signIn }, ports]) =>
    readSettings(ports, context.layout, context.environment).map(({ settings }) => ({
      ...{ signIn, ports, settings },
    })),
  )

/** The view comes last, so that it shows the routing that was chosen. */
const settled = (
  context: Context,
  signedIn: SignedIn,
  mayAsk: boolean,
): ResultAsync<Done, CliError> => {
  const isSecond = signedIn.outcome._tag === 'Added' && signedIn.pool.accounts.length === 2
  // The choice is one for all accounts of the person, and no matter of one project.
  const mayAskHere = mayAsk && !isOfProject(context.layout)
  const routing = isSecond ? settleRouting(context, mayAskHere) : okAsync([])
  return routing.andThen((warnings) =>
    shown(context, signedIn).map((done) => ({
      ...done,
      warnings: [...done.warnings, ...warnings],
    })),
  )
}

const shown = (
  { ports, layout, environment }: Context,
  { account, outcome, pool, front }: SignedIn,
): ResultAsync<Done, CliError> =>
  readOutlook(ports, layout, environment).andThen((outlook) => {
    const key = Account.key(account)
    return fromOption((): Pool.NoSuchAccount => ({ _tag: 'NoSuchAccount', key }))(
      findView(key)(viewOf(layout.pool, outlook)(pool)),
    ).map((view) => ({
      account: view,
      outcome,
      front,
      isOfProject: isOfProject(layout),
      warnings: warningsOf(outlook, pool),
    }))
  })

const waysOut = 'Ctrl-C ends it.\n'

const forward = (port: number): string => `ssh -L ${port}:127.0.0.1:${port} <this machine>`

const words = (news: News, environment: Context['environment']): string => {
  switch (news._tag) {
    case 'FirstSignIn':
      return `${responsibleUse}\n\n`
    case 'Address':
      return `Sign in at this address:\n\n${news.url}\n\n`
    case 'Opened':
      return (
        `Waiting for the browser. ${waysOut}` +
        (Way.mayNotComeBack(environment)
          ? 'If the page of Windows cannot come back here: codex-multi-auth login --device-auth\n'
          : '')
      )
    case 'NoBrowser':
      return (
        'No browser was opened here: open the address yourself. For a browser on another\n' +
        `machine, forward the port first: ${forward(news.port)}\n` +
        `Waiting for the sign-in. ${waysOut}`
      )
    case 'DeviceCodeChosen':
      return (
        'No browser can be opened here, so a code takes its place. To sign in with the\n' +
        `browser of another machine instead: ${forward(news.port)}\n` +
        'and then here: codex-multi-auth login --no-browser\n\n'
      )
    case 'AddressInstead':
      return 'Sign-in codes are not offered to you; an address is a way too.\n\n'
    case 'DeviceCode':
      return (
        `Open this page on any machine:\n\n${news.url}\n\n` +
        `and type this code:\n\n${printable(news.userCode)}\n\n` +
        'Type it only if you began this sign-in yourself. It is good for 15 minutes.\n' +
        `Waiting for the sign-in. ${waysOut}`
      )
    case 'PasteAddress':
      return (
        `Sign in at this address, on any machine:\n\n${news.url}\n\n` +
        'The browser then ends at a page it cannot open. Paste the address of that page\n' +
        'here, and press Enter; q ends it.\n'
      )
    case 'PasteAgain':
      return `${lackWords(news.lacks)} Paste the whole address; q ends it.\n`
    case 'WrongState':
      return 'An answer of another sign-in came back and was turned away; still waiting.\n'
    case 'MissingCode':
      return 'An answer without a code came back; still waiting.\n'
  }
}

const form = t.strict({
  outcome: t.keyof({ added: null, updated: null }),
  account: accountForm,
})

export const render = ({
  account,
  outcome,
  front,
  isOfProject: isProjects,
  warnings,
}: Done): Answer<t.TypeOf<typeof form>> => {
  const isNew = outcome._tag === 'Added'
  const said = isNew ? `Added account ${account.number}:` : `Updated account ${account.number}:`
  return {
    data: () => ({
      outcome: isNew ? 'added' : 'updated',
      account: toAccountForm(account),
    }),
    text: () =>
      [
        `${said} ${describe(account)}\n`,
        ...(isProjects ? ['This project is served by accounts of its own.\n'] : []),
        frontText(front),
      ].join(''),
    warnings: [...warnings, ...frontWarnings(front)],
  }
}

export const login = command({
  examples: [
    ['$0 login', 'in your browser'],
    ['$0 login --no-browser', 'only print the address'],
    ['$0 login --device-auth', 'type a code on another machine'],
    ['$0 login --manual', 'open the address on another machine'],
    ['$0 login --import', 'what the official CLI has'],
    ['$0 login --project', 'for the project you are in, alone'],
  ],
  epilogue: responsibleUse,
  options: (parser) =>
    parser
      .option('no-browser', {
        type: 'boolean',
        describe: 'Only print the address',
      })
      .option('device-auth', {
        type: 'boolean',
        describe: 'Type a code on another machine',
        conflicts: 'no-browser',
      })
      .option('manual', {
        alias: 'paste',
        type: 'boolean',
        describe: 'Paste the address where your browser ends',
        conflicts: ['no-browser', 'device-auth'],
      })
      .option('import', {
        type: 'boolean',
        describe: 'Take the sign-in of the official CLI',
        conflicts: ['no-browser', 'device-auth', 'manual'],
      })
      .option('project', {
        type: 'boolean',
        describe: 'Add it to the project you are in, alone',
        conflicts: 'import',
      })
      .option('workspace', {
        alias: 'org',
        type: 'string',
        requiresArg: true,
        describe: 'The id of the workspace to sign in to',
      }),
  parse: (given): Options => ({
    way: wayOf(given),
    workspace: O.fromNullable(given.workspace),
    isForProject: given.project === true,
    mayAsk: !isForProgram(given),
  }),
  run,
  form,
  render,
})

/** The parser gives these to every command. */
const isForProgram = ({ json, j }: Given): boolean => json === true || j === true

interface Given {
  readonly json?: boolean | undefined
  readonly j?: boolean | undefined
  readonly 'no-browser'?: boolean | undefined
  readonly 'device-auth'?: boolean | undefined
  readonly manual?: boolean | undefined
  readonly import?: boolean | undefined
}

const wayOf = (given: Given): O.Option<Way.Way> => {
  if (given['no-browser'] === true) return O.some({ _tag: 'Address' })
  if (given.manual === true) return O.some({ _tag: 'Pasted' })
  if (given.import === true) return O.some({ _tag: 'Imported' })
  return given['device-auth'] === true ? O.some({ _tag: 'DeviceCode', isAskedFor: true }) : O.none
}
