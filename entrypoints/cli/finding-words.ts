/** What a check found, in lines: what is so, and what to do. */
import * as O from 'fp-ts/Option'
import type { Load } from '../../core/hosts/opencode-load'
import type { Finding } from '../../core/insight/diagnosis'
import { printable } from '../../core/tui/printable'
import { relative } from '../../core/tui/relative-time'
import type { Instant } from '../../core/time'

export const findingWords = (now: Instant, finding: Finding): ReadonlyArray<string> => {
  switch (finding._tag) {
    case 'Pool': {
      const { isOfProject, path } = finding.pool
      const stored = `stored in ${printable(path)}.`
      return isOfProject
        ? [`This project has accounts of its own, ${stored}`]
        : [`Your accounts are ${stored}`]
    }
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
    case 'NoHost':
      return ['OpenCode is not set up with the plugin.']
    case 'Host':
      return loadWords(now, finding.load)
  }
}

const loadWords = (now: Instant, load: Load): ReadonlyArray<string> => {
  switch (load._tag) {
    case 'Loads':
      return [`OpenCode loaded the plugin ${relative(now)(load.loadedAt)}.`]
    case 'Unused':
      return ['OpenCode is set up with the plugin, and loads it at its next start.']
    case 'PassesOver':
      return [
        O.isSome(load.loadedAt)
          ? `OpenCode is set up with the plugin, and has not loaded it since ${relative(now)(load.loadedAt.value)}.`
          : 'OpenCode is set up with the plugin, and has never loaded it.',
        `It was started ${relative(now)(load.startedAt)}, and passes over a plugin it cannot load, or all of them with --pure.`,
        'Put it in again: codex-multi-auth plugin remove opencode, then codex-multi-auth plugin install opencode',
      ]
  }
}
