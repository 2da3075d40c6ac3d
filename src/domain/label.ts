/** Whether two texts name the same label: forges ignore case. */
export const isSameLabel = (one: string, other: string): boolean => labelKey(one) === labelKey(other);

/** Whether a label is among others. */
export const hasLabel = (labels: readonly string[], wanted: string): boolean =>
  labels.some((label) => isSameLabel(label, wanted));

/** The form of a label in which it is compared. */
export const labelKey = (label: string): string => label.normalize('NFC').toLowerCase();
