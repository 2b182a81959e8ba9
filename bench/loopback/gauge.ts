/**
 * Loaded into a proxy before its own program, ours and the reference alike: tells, when asked, what
 * the process has used so far.
 */
export interface Used {
  readonly cpuMs: number
  readonly residentBytes: number
}

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  const used: Used = { cpuMs: (user + system) / 1_000, residentBytes: process.memoryUsage.rss() }
  process.send?.(used)
})
// Whoever is measured ends as it would without us.
process.channel?.unref()
