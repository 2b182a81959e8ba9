import open from 'open'

export const browse = open
