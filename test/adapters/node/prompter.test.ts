import { PassThrough } from 'node:stream'
import type { Key } from '../../../adapters/memory/prompter'
import { nodePrompter } from '../../../adapters/node/prompter'
import { prompterContract } from '../../ports/prompter.contract'

const codes: Readonly<Record<Exclude<Key, 'end'>, string>> = {
  down: '\u001b[B',
  enter: '\r',
  escape: '\u0003',
}

const make = () => {
  const stdin = new PassThrough() as PassThrough & NodeJS.ReadStream
  const stderr = new PassThrough() as PassThrough & NodeJS.WriteStream
  return {
    stderr,
    prompter: nodePrompter({ stdin, stderr }),
    press: (...keys: ReadonlyArray<Key>) => {
      for (const key of keys) key === 'end' ? stdin.end() : stdin.write(codes[key])
    },
  }
}

prompterContract('node', make)

it('shows the question and its choices on standard error', async () => {
  const { prompter, press, stderr } = make()
  const choosing = prompter.choose('Which?', [
    { value: 1, title: 'the one' },
    { value: 2, title: 'the other' },
  ])
  press('enter')
  await choosing
  expect(String(stderr.read())).toMatch(/Which\?[^]*the one[^]*the other/)
})
