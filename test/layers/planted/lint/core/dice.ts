export const roll = (): number => Math.random() // want house/no-dice
export const name = (): string => crypto.randomUUID() // want house/no-dice
