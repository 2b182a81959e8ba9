/** The exit codes a command of ours ends with. */

export const exit = {
  done: 0,
  failed: 1,
  wrongUsage: 2,
  noAccountServes: 3,
  signInNeeded: 4,
  storage: 5,
  interrupted: 130,
} as const
