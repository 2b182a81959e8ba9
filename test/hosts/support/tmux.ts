/**
 * A shell in a terminal of its own: tmux paints it, and a test types into it and looks at it.
 *
 * Each has a server of its own, which ends with it. The shell reads no start file and edits no line,
 * so what differs in the terminal afterwards is not the shell's doing.
 */
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { nodeClock } from '../../../adapters/node/clock'
import { until } from '../../support/until'
import type { Home } from './home'
import { processesOf, type HomeProcess } from './processes'
import { runProgram } from './run-program'

export interface Screen {
  readonly type: (text: string) => Promise<void>
  /** Keys by tmux's names, such as `C-c`. */
  readonly press: (key: string) => Promise<void>
  /** Types the text, and Enter when the screen shows it. */
  readonly enter: (text: string) => Promise<void>
  readonly resize: (columns: number, rows: number) => Promise<void>
  /** The screen once it shows this; a failed expectation when it does not within half a minute. */
  readonly shows: (wanted: RegExp) => Promise<string>
  readonly state: () => Promise<TerminalState>
  /** Those that have this home, apart from the shell and the terminal itself. */
  readonly processes: () => Promise<ReadonlyArray<HomeProcess>>
  /** Closes the window, as a person does. */
  readonly closeWindow: () => Promise<void>
  readonly end: () => Promise<void>
}

/** What a program could leave behind in a terminal. */
export interface TerminalState {
  readonly isAlternate: boolean
  readonly isCursorShown: boolean
  readonly isKeypadChanged: boolean
  readonly isMouseCaught: boolean
  /** Private modes that are on, by number. */
  readonly modes: ReadonlyArray<string>
  /** Forms of keyboard reports that were asked for and not given back. */
  readonly keyboards: number
}

export const untouched: TerminalState = {
  isAlternate: false,
  isCursorShown: true,
  isKeypadChanged: false,
  isMouseCaught: false,
  modes: [],
  keyboards: 0,
}

const waitMax = 30_000

/** Of what was written, as tmux keeps no account of these: the cursor's own mode is on from the start. */
const left = (written: string): Pick<TerminalState, 'modes' | 'keyboards'> => {
  const modes = new Map<string, boolean>()
  for (const [, numbers = '', end] of written.matchAll(/\u001b\[\?([\d;]+)([hl])/g))
    for (const number of numbers.split(';')) modes.set(number, end === 'h')
  modes.delete('25')
  let keyboards = 0
  for (const [, way, count] of written.matchAll(/\u001b\[([<>])(\d*)u/g))
    keyboards = Math.max(0, keyboards + (way === '>' ? 1 : -Number(count === '' ? 1 : count)))
  return { modes: [...modes].flatMap(([number, isOn]) => (isOn ? [number] : [])), keyboards }
}

export const openScreen = async (
  home: Home,
  environment: Readonly<Record<string, string>>,
): Promise<Screen> => {
  const clock = nodeClock()
  const record = join(home.path, 'terminal.record')
  const tmux = async (...given: ReadonlyArray<string>): Promise<string> => {
    const ran = await runProgram({
      program: 'tmux',
      arguments: ['-L', basename(home.path), '-f', '/dev/null', ...given],
      cwd: home.workspace,
      environment,
    })
    if (ran.code !== 0) throw new Error(`tmux ${given.join(' ')}: ${ran.stderr}`)
    return ran.stdout
  }
  const shows: Screen['shows'] = async (wanted) => {
    const end = clock.now() + waitMax
    let seen = await tmux('capture-pane', '-p')
    while (!wanted.test(seen) && clock.now() < end) {
      await clock.sleep(50)
      seen = await tmux('capture-pane', '-p')
    }
    expect(seen).toMatch(wanted)
    return seen
  }
  const type = async (text: string): Promise<void> => {
    await tmux('send-keys', '-l', text)
  }
  const press = async (key: string): Promise<void> => {
    await tmux('send-keys', key)
  }
  const flags = [
    ...['alternate_on', 'cursor_flag', 'keypad_flag', 'keypad_cursor_flag', 'mouse_any_flag'],
  ]
  const shell = ['bash', '--norc', '--noprofile', '--noediting']
  await tmux('new-session', '-d', '-x', '80', '-y', '24', ...shell)
  await tmux('pipe-pane', `exec cat > '${record}'`)
  await until(async () => (await processesOf(home)).some(({ command }) => command === 'cat'))
  const own = new Set((await processesOf(home)).map(({ pid }) => pid))
  // The window may close before the test ends; the server and its record stay.
  await tmux('set-option', '-g', 'exit-empty', 'off')
  return {
    type,
    press,
    enter: async (text) => {
      await type(text)
      // A program that takes typing for pasting waits for more after it.
      await shows(new RegExp(text.slice(-20).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      await press('Enter')
    },
    resize: async (columns, rows) => {
      await tmux('resize-window', '-x', String(columns), '-y', String(rows))
    },
    shows,
    state: async () => {
      const format = flags.map((name) => `#{${name}}`).join(' ')
      const [alternate, cursor, ...others] = (await tmux('display-message', '-p', format))
        .trim()
        .split(' ')
      return {
        isAlternate: alternate === '1',
        isCursorShown: cursor === '1',
        isKeypadChanged: others.slice(0, 2).includes('1'),
        isMouseCaught: others[2] === '1',
        ...left(await readFile(record, 'utf8')),
      }
    },
    processes: async () => (await processesOf(home)).filter(({ pid }) => !own.has(pid)),
    closeWindow: async () => {
      await tmux('kill-session')
    },
    end: async () => {
      await tmux('kill-server')
      await until(async () => (await processesOf(home)).length === 0)
    },
  }
}
