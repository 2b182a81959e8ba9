/** The program a person starts: by its first words, the wrapper or the account commands. */

const given = process.argv.slice(2)
const [door, ...rest] = given

/** What a shell that completes asks by: see cli/completion-scripts. */
const hiddenWord = '__complete'

/** `codex auth ...` and its older spellings are account work, also where a shim sends them here. */
const isAccountWork = (first = '', second = ''): boolean =>
  ['auth', 'multi-auth', 'multiauth'].includes(first) || (first === 'multi' && second === 'auth')

const run = async (): Promise<void> => {
  if (door === hiddenWord) return (await import('./cli/complete/main')).main(rest)
  if (door === 'codex' && !isAccountWork(...rest)) return (await import('./codex/main')).main(rest)
  return (await import('./cli/main')).main(door === 'codex' ? rest : given)
}

run().catch((thrown: unknown) => {
  const words = typeof thrown === 'object' && thrown && 'stack' in thrown ? thrown.stack : thrown
  process.stderr.write(`codex-multi-auth failed by a fault of its own. Please report:\n${words}\n`)
  process.exit(1)
})
