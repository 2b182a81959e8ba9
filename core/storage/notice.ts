/** What reading the pool found to be otherwise than it should be, and what it made of it. Said, never silent. */
export type Notice =
  /** The pool's file is missing or damaged; a copy stands in for it. */
  | { readonly _tag: 'Recovered'; readonly path: string; readonly from: string }
  /** Taken over from a place where the existing tool kept it. */
  | { readonly _tag: 'FoundElsewhere'; readonly path: string; readonly from: string }
  /** Gone from the file without a removal of ours. */
  | { readonly _tag: 'Restored'; readonly name: string }
  /** The file holds an older sign-in than was stored. */
  | { readonly _tag: 'SignInKept'; readonly name: string }
  /** The file lacks a sign-in that a save was about to store there. */
  | { readonly _tag: 'SignInJournalled'; readonly name: string }
  /** Rows that are no accounts: they stay in the file as they are. `rows` are their numbers, from 1. */
  | { readonly _tag: 'RowsUnread'; readonly rows: ReadonlyArray<number> }
  /** Others of this machine may read it; whoever changes the pool closes it to them. */
  | { readonly _tag: 'OpenToOthers'; readonly path: string }
  /** The accounts set aside cannot be read, and are left alone. */
  | { readonly _tag: 'FlaggedUnread'; readonly path: string }
  /** A field of a row that holds what it cannot hold counts as missing. */
  | { readonly _tag: 'FieldUnread'; readonly row: number; readonly field: string }
