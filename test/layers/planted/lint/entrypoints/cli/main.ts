setTimeout(() => process.exit(1), 1_000).unref()
process.exitCode = 0

export const started = Date.now() // want house/no-clock
export const seen = new Set<string>() // want house/no-module-state
