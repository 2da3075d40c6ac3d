/** A change as it would land on its base. Nothing is pushed. */
export type Landing =
  | { readonly kind: 'squashed' | 'merged' | 'rebased'; readonly commit: string; readonly tree: string }
  | { readonly kind: 'conflict'; readonly files: readonly string[] };
