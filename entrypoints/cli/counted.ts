/** `1 account`, `2 accounts`. */
export const counted = (count: number): string => `${count} account${count === 1 ? '' : 's'}`
