import { memoryProcess } from '../../../adapters/memory/process'
import { scheduler } from '../../../adapters/memory/scheduler'
import { processContract } from '../../ports/process.contract'

const programs = {
  exits: ({ arguments: given }: { readonly arguments: ReadonlyArray<string> }) => ({
    _tag: 'Exited' as const,
    code: Number(given[0]),
  }),
  dies: () => ({ _tag: 'Killed' as const, signal: 'SIGTERM' }),
}

processContract('memory', () => {
  const world = scheduler(1)
  world.process('first') // So that no test process has the pid and start of number 0.
  const process = memoryProcess(world.process('main'), programs)
  return {
    process,
    other: async () => {
      const { identity, kill } = world.process('other')
      return { identity, end: async () => kill() }
    },
    exiting: (code) => ({ program: 'exits', arguments: [String(code)] }),
    echoing: { program: 'exits', arguments: ['0'] },
    silent: { program: 'exits', arguments: ['1'] },
    killed: { program: 'dies', arguments: [] },
  }
})

it('tells what ran', async () => {
  const process = memoryProcess(scheduler(1).process('main'), programs)
  const child = { program: 'exits', arguments: ['3'], environment: { NO_PROXY: '127.0.0.1' } }
  ;(await process.run(child))._unsafeUnwrap()
  expect(process.ran).toEqual([child])
})
