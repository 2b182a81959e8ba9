/** The outcomes of many worlds, as means with their 95 % confidence intervals. */
import { draw } from './demand'
import type { Contender } from './router'
import type { Scenario } from './scenario'
import { simulate, type Outcome } from './simulation'

export interface Mean {
  readonly mean: number
  /** Half the width of the 95 % confidence interval. */
  readonly margin: number
}

export type Measured = Readonly<Record<keyof Outcome, Mean>>

export interface Line {
  readonly contender: Contender
  readonly measured: Measured
}

const figures: ReadonlyArray<keyof Outcome> = [
  'goodput',
  'cacheWaste',
  'limited',
  'abandoned',
  'switches',
]

export const meanOf = (values: ReadonlyArray<number>): Mean => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return {
    mean,
    margin: 1.96 * Math.sqrt(squares / Math.max(1, values.length - 1) / values.length),
  }
}

/** Every contender meets the same worlds. */
export const measure = (
  scenario: Scenario,
  contenders: ReadonlyArray<Contender>,
  seeds: ReadonlyArray<number>,
): ReadonlyArray<Line> => {
  const outcomes = contenders.map((): Array<Outcome> => [])
  for (const seed of seeds) {
    const demand = draw(scenario, seed)
    contenders.forEach((contender, index) => {
      outcomes[index]?.push(simulate(scenario, demand, contender, seed))
    })
  }
  return contenders.map((contender, index) => {
    const seen = outcomes[index] ?? []
    const of = (figure: keyof Outcome): Mean => meanOf(seen.map((outcome) => outcome[figure]))
    const measured = Object.fromEntries(figures.map((figure) => [figure, of(figure)]))
    return { contender, measured: measured as Measured }
  })
}

/** The best that sees only what answers say. */
export const best = (lines: ReadonlyArray<Line>): Line | undefined =>
  lines
    .filter(({ contender }) => contender.kind !== 'oracle')
    .reduce<Line | undefined>(
      (top, line) =>
        top === undefined || line.measured.goodput.mean > top.measured.goodput.mean ? line : top,
      undefined,
    )

const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(' | ')} |`

const heads = [
  'router',
  'goodput %',
  'cache waste %',
  '429s of 1,000 tries',
  'abandoned',
  'switches',
]

const text = ({ margin, mean }: Mean, digits: number): string =>
  `${mean.toFixed(digits)} ± ${margin.toFixed(digits)}`

/** As docs/routing.md has it. */
export const print = (scenario: Scenario, worlds: number, lines: ReadonlyArray<Line>): string =>
  [
    `### ${scenario.name}, ${worlds} worlds\n`,
    row(heads),
    row(heads.map(() => '---')),
    ...lines.map(({ contender, measured }) =>
      row([
        contender.name,
        text(measured.goodput, 2),
        text(measured.cacheWaste, 1),
        text(measured.limited, 1),
        text(measured.abandoned, 1),
        text(measured.switches, 0),
      ]),
    ),
  ].join('\n')
