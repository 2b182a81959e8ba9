import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { nodeTerminal } from '../../../adapters/node/terminal'
import { terminalContract } from '../../ports/terminal.contract'

const out = (more: { readonly isTTY?: boolean; readonly columns?: number } = {}) => {
  const texts: Array<string> = []
  const events = new EventEmitter()
  return Object.assign(events, { ...more, texts, write: (text: string) => texts.push(text) })
}

const streams = (columns?: number) => ({
  stdin: Object.assign(new PassThrough(), { isTTY: true }),
  stdout: out(columns === undefined ? {} : { columns }),
  stderr: out({ isTTY: true }),
  signals: new EventEmitter(),
})

const terminalOf = ({ signals, ...rest }: ReturnType<typeof streams>) =>
  nodeTerminal({ ...rest, once: (event, listener) => signals.once(event, listener) })

terminalContract('node', (columns) => {
  const given = streams(columns)
  return {
    terminal: terminalOf(given),
    answer: () => given.stdout.texts.join(''),
    talk: () => given.stderr.texts.join(''),
    interrupt: () => void given.signals.emit('SIGINT'),
    type: (line) => void (line === undefined ? given.stdin.end() : given.stdin.write(`${line}\n`)),
  }
})

it('says which of its streams a person is at', () => {
  expect(terminalOf(streams()).isInteractive).toEqual({ input: true, output: false, talk: true })
})

it('goes on when nobody reads any more, and only then', () => {
  const given = streams()
  terminalOf(given)
  const failing = (code: string) => () =>
    given.stdout.emit('error', Object.assign(new Error(code), { code }))
  expect(failing('EPIPE')).not.toThrow()
  expect(failing('EIO')).toThrow('EIO')
})

it('leaves Ctrl-C alone until somebody looks, and the second one too', () => {
  const given = streams()
  const terminal = terminalOf(given)
  expect(given.signals.listenerCount('SIGINT')).toBe(0)
  expect(terminal.interrupted.aborted).toBe(false)
  expect(given.signals.listenerCount('SIGINT')).toBe(1)
  given.signals.emit('SIGINT')
  expect(given.signals.listenerCount('SIGINT')).toBe(0)
})
