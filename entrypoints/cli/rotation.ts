/** `rotation`: whether requests move between the accounts by themselves, or only the active one serves. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { okAsync, type ResultAsync } from 'neverthrow'
import * as Catalogue from '../../core/settings/catalogue'
import { describe } from './account-text'
import { findView, poolForm, toPoolForm, type PoolView, type View } from './account-view'
import { changeConfig } from './change-config'
import { wordless, type Answer, type Command, type Context } from './command'
import { look } from './list'
import type { CliError } from './render-error'

interface Done {
  readonly view: View
  readonly changed: boolean
  readonly warnings: ReadonlyArray<string>
}

type Routing = PoolView['routing']

const key = 'schedulingStrategy'

const strategies: Readonly<Record<Routing, string>> = {
  automatic: Catalogue.catalogue[key].standard,
  manual: 'manual',
}

const status = (context: Context): ResultAsync<Done, CliError> =>
  look(context).map(({ view, warnings }) => ({ view, warnings, changed: false }))

/** A strategy that is automatic already stays the one it is. */
const turn = (context: Context, wanted: Routing): ResultAsync<Done, CliError> =>
  status(context).andThen((before) =>
    before.view.pool.routing === wanted
      ? okAsync(before)
      : changeConfig(context)(key, O.some(strategies[wanted])).andThen(({ warnings }) =>
          look(context).map(({ view }) => ({
            view,
            changed: view.pool.routing === wanted,
            warnings,
          })),
        ),
  )

const form = t.strict({ pool: poolForm, changed: t.boolean })

const render = ({ view, changed, warnings }: Done): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({ pool: toPoolForm(view.pool), changed }),
  text: () => text(view),
  warnings,
})

const text = (view: View): string => {
  const { active, routing, strategy } = view.pool
  if (routing === 'automatic') {
    return `Routing is automatic: requests move between your accounts, by strategy ${strategy}.\n`
  }
  const account = O.isSome(active) ? findView(active.value)(view) : O.none
  return O.isSome(account)
    ? `Routing is manual: only account ${account.value.number} serves, ${describe(account.value)}.\n` +
        'Let another one serve: codex-multi-auth switch ACCOUNT\n'
    : 'Routing is manual, and no account is active.\nAdd one: codex-multi-auth login\n'
}

const rotation = (
  example: readonly [line: string, meaning: string],
  run: (context: Context) => ResultAsync<Done, CliError>,
): Command =>
  wordless({
    examples: [example],
    epilogue: 'It is the setting schedulingStrategy: see codex-multi-auth config explain.',
    run: (context) => () => run(context),
    form,
    render,
  })

export const rotationOn = rotation(
  ['$0 rotation on', 'requests move on when an account cannot serve'],
  (context) => turn(context, 'automatic'),
)

export const rotationOff = rotation(
  ['$0 rotation off', 'only the active account serves'],
  (context) => turn(context, 'manual'),
)

export const rotationStatus = rotation(['$0 rotation status', 'which of the two it is'], status)
