export interface Files {
  readonly read: () => string
}
