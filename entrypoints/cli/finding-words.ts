/** What a check found, in lines: what is so, and what to do. */
import type { Finding } from '../../core/insight/diagnosis'
import { printable } from '../../core/tui/printable'

export const findingWords = (finding: Finding): ReadonlyArray<string> => {
  switch (finding._tag) {
    case 'Alone':
      return ['No other tool writes these accounts now.']
    case 'ExistingToolRuns': {
      const pids = finding.processes.map(({ pid }) => String(pid))
      return [
        'The other codex-multi-auth runs, and writes the same accounts without our lock.',
        ...finding.processes.map(({ pid, program }) => `${pid}  ${printable(program)}`),
        `Two tools that renew one sign-in end it. Close it, or: kill ${pids.join(' ')}`,
      ]
    }
  }
}
