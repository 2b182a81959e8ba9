/** A policy as a line of text, and as JSON. */
import * as t from 'io-ts'
import type { Policy } from '../../core/accounts/policy'
import { printable } from '../../core/tui/printable'
import { whole } from './forms'

export const policyText = ({ tags, weight, tier, paused, draining, note }: Policy): string =>
  [
    `  tier ${tier}, weight ${weight}`,
    ...(paused ? ['paused'] : []),
    ...(draining ? ['draining'] : []),
    ...(tags.length === 0 ? [] : [`tags ${tags.map(printable).join(' ')}`]),
    ...(note === '' ? [] : [`note: ${printable(note)}`]),
  ].join(', ')

export const policyForm = t.strict(
  {
    tags: t.readonlyArray(t.string),
    weight: t.number,
    tier: whole,
    paused: t.boolean,
    draining: t.boolean,
    note: t.string,
  },
  'Policy',
)

export const toPolicyForm = ({
  tags,
  weight,
  tier,
  paused,
  draining,
  note,
}: Policy): t.TypeOf<typeof policyForm> => ({ tags, weight, tier, paused, draining, note })
