/** When a notification would tell an outdated state of its message. Pure. */

/** The newest change of a message that chat has reported. */
export interface KnownChange {
  readonly seq: number;
  readonly isDeleted: boolean;
}

/**
 * Whether a notification is outdated: its message is deleted, or was changed after its creator read it.
 * @param seq of the message as the creator read it; undefined when the creator doesn't give one
 */
export const isOutdated = (known: KnownChange | undefined, seq: number | undefined): boolean =>
  known !== undefined && (known.isDeleted || (seq !== undefined && seq < known.seq));
