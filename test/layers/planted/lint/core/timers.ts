export const later = (run: () => void): unknown => setTimeout(run, 1) // want house/no-timers
export const given = (setTimeout: (run: () => void) => void): void => {
  setTimeout(() => undefined)
}
