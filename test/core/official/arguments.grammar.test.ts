/** The official grammar at large: however an option is spelled, nothing of the person's is misread. */
import * as fc from 'fast-check'
import * as Arguments from '../../../core/official/arguments'

type Group = ReadonlyArray<string>

/** Words that would mean something if they were not a value, and words that would not. */
const aValue = fc.oneof(
  fc.constantFrom('login', 'logout', 'exec', 'help', 'mcp', 'a=b', 'x', 'status', '', 'a b', '-'),
  fc.string({ minLength: 1 }).filter((text) => !text.startsWith('-')),
)

const shortForms: ReadonlyArray<readonly [short: string, long: string]> = [
  ...[['-c', '--config'] as const, ['-m', '--model'] as const, ['-p', '--profile'] as const],
  ...[['-s', '--sandbox'] as const, ['-a', '--ask-for-approval'] as const, ['-C', '--cd'] as const],
  ...[['-o', '--output-last-message'] as const],
]

const longOnly: ReadonlyArray<string> = [
  ...[
    '--enable',
    '--disable',
    '--add-dir',
    '--remote-auth-token-env',
    '--color',
    '--thread-source',
  ],
  ...['--output-schema', '--cyber-access-program', '--base', '--commit', '--title', '--listen'],
]

/** All spellings of one option with one value: they mean the same. */
const spellings = (
  short: string | undefined,
  long: string,
  value: string,
): ReadonlyArray<Group> => [
  [long, value],
  [`${long}=${value}`],
  ...(short === undefined ? [] : [[short, value], [`${short}=${value}`]]),
  ...(short === undefined || value === '' || value.startsWith('=') ? [] : [[`${short}${value}`]]),
]

const anOption = fc.tuple(
  fc.oneof(
    fc.constantFrom(...shortForms),
    fc.constantFrom(...longOnly).map((long) => [undefined, long] as const),
  ),
  aValue,
)

/** One option in two of its spellings. */
const twoSpellings = fc
  .tuple(anOption, fc.nat(), fc.nat())
  .map(([[[short, long], value], one, other]): readonly [Group, Group] => {
    const all = spellings(short, long, value)
    return [all[one % all.length] ?? [], all[other % all.length] ?? []]
  })

const aFlag = fc
  .constantFrom(
    ...['--json', '--search', '--strict-config', '--no-alt-screen', '--ephemeral', '--trust'],
    ...['--skip-git-repo-check', '--ignore-rules', '--last', '--all', '--worktree'],
    ...['--approve-for-me', '--dangerously-bypass-approvals-and-sandbox', '--uncommitted'],
  )
  .map((flag): readonly [Group, Group] => [[flag], [flag]])

/** Takes all that follows, so an option comes behind it. */
const someImages = fc
  .array(
    aValue.filter((value) => value !== '-'),
    { minLength: 1, maxLength: 3 },
  )
  .map((values): readonly [Group, Group] => [
    ['-i', ...values, '--json'],
    ['--image', ...values, '--json'],
  ])

const someOptions = fc.array(fc.oneof(twoSpellings, aFlag, someImages), { maxLength: 5 })

const aCommand = fc.constantFrom<Group>(
  ...[[], ['exec'], ['e'], ['exec', 'resume'], ['review'], ['resume'], ['fork'], ['agents']],
)
const aPrompt = fc.oneof(
  fc.constant('-'),
  fc.string().map((text) => `Please ${text}`),
)
const aTail = fc.oneof(
  fc.constant<Group>([]),
  fc
    .array(fc.oneof(aValue, fc.string(), fc.constant('--account')), { maxLength: 4 })
    .map((rest) => ['--', ...rest]),
)

/** A line that is routed, in two spellings, in parts. */
const aLine = fc
  .record({
    front: someOptions,
    command: aCommand,
    behind: someOptions,
    prompt: aPrompt,
    tail: aTail,
  })
  .map(({ front, command, behind, prompt, tail }) => {
    const parts = (which: 0 | 1): ReadonlyArray<Group> => [
      ...front.map((pair) => pair[which]),
      command,
      ...behind.map((pair) => pair[which]),
      [prompt],
    ]
    return { one: parts(0), other: parts(1), command: command[0], tail }
  })

const anAccount = fc.constantFrom<Group>(['--account', 'work'], ['--account=work'])
const overrides = [['chatgpt_base_url', 'http://127.0.0.1:1'] as const]

describe('laws of the real grammar', () => {
  it('no value of an option is taken for a command', () => {
    fc.assert(
      fc.property(aLine, ({ one, command, tail }) => {
        const plan = Arguments.plan([...one.flat(), ...tail])
        const full = command === 'e' ? 'exec' : (command ?? 'prompt')
        expect(plan._tag === 'LeftAlone' || plan).toEqual(
          plan._tag === 'LeftAlone' ? true : expect.objectContaining({ command: full }),
        )
      }),
    )
  })

  it('what follows an option without a value is a command', () => {
    fc.assert(
      fc.property(aFlag, ([flag]) => {
        expect(Arguments.plan([...flag, 'logout'])).toEqual({ _tag: 'SignIn', command: 'logout' })
      }),
    )
  })

  it('the spelling of an option changes nothing', () => {
    fc.assert(
      fc.property(aLine, ({ one, other, tail }) => {
        expect(Arguments.plan([...other.flat(), ...tail])).toEqual(
          Arguments.plan([...one.flat(), ...tail]),
        )
      }),
    )
  })

  it('of all that is typed --account alone is missing, and our own stands in front', () => {
    fc.assert(
      fc.property(aLine, anAccount, fc.nat(), ({ one, tail }, account, at) => {
        const place = at % (one.length + 1)
        const typed = [...one.slice(0, place), account, ...one.slice(place)].flat()
        const taken = Arguments.takeAccount([...typed, ...tail])
        expect(taken).toEqual({ account: 'work', given: [...one.flat(), ...tail] })
        const made = Arguments.inject(overrides, ['--no-daemon'])(taken.given)
        expect(made).toEqual([
          ...['--no-daemon', '-c', 'chatgpt_base_url="http://127.0.0.1:1"'],
          ...one.flat(),
          ...tail,
        ])
      }),
    )
  })

  it('a line without --account is left as it is', () => {
    fc.assert(
      fc.property(aLine, ({ one, tail }) => {
        const typed = [...one.flat(), ...tail]
        expect(Arguments.takeAccount(typed)).toEqual({ account: undefined, given: typed })
      }),
    )
  })

  it('what a command outside of us is given is never touched behind its name', () => {
    const plain = fc.constantFrom('mcp', 'sandbox', 'queue', 'cloud', 'debug', 'login', 'apply')
    const anything = fc.array(
      fc.oneof(fc.string(), fc.constantFrom('--account', '--account=x', '--')),
    )
    fc.assert(
      fc.property(plain, anything, (command, rest) => {
        const typed = [command, ...rest]
        expect(Arguments.takeAccount(typed)).toEqual({ account: undefined, given: typed })
      }),
    )
  })
})
