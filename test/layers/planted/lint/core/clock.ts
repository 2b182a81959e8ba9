export const read = (): number => Date.now() // want house/no-clock
export const made = (): Date => new Date() // want house/no-clock
export const told = (): string => Date() // want house/no-clock
export const ran = (): number => performance.now() // want house/no-clock
export const shown = (at: number): string => new Date(at).toISOString()
