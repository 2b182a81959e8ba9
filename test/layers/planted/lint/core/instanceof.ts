export const isDate = (value: unknown): boolean => value instanceof Date // want house/no-instanceof
