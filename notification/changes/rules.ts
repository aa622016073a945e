/** Decisions about changes of messages, without I/O. */

/** The newest change of a message that is known. */
export interface KnownChange {
  readonly seq: number;
  readonly isDeleted: boolean;
}

/**
 * Whether a notification would tell of what is no more: its message is deleted, or was changed after the state that it tells.
 * @param seq that state's; undefined when the creator doesn't say
 */
export const isOutdated = (known: KnownChange | undefined, seq: number | undefined): boolean =>
  known !== undefined && (known.isDeleted || (seq !== undefined && seq < known.seq));
