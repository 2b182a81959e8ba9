import { scheduler } from '../../../adapters/memory/scheduler'
import { memoryTerminal } from '../../../adapters/memory/terminal'
import { terminalContract } from '../../ports/terminal.contract'

terminalContract('memory', (columns) => {
  const process = scheduler(1).process('main')
  const terminal = memoryTerminal(process, columns === undefined ? {} : { columns })
  return { terminal, ...terminal }
})
