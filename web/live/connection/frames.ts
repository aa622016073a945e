/** Which part of the room handles which frames of the server. */
import type { ServerFrame, ServerFrames } from '@parley/client/api/frames';

type FrameType = keyof ServerFrames;

/** The handlers of a part that takes frames of these types. */
export type Takes<Type extends FrameType> = { readonly [T in Type]: (frame: ServerFrames[T]) => void };

/** A handler for every type of frame: the compiler rejects a table without one. */
export type FrameTable = Takes<FrameType>;

type Handler = (frame: never) => void;

/** The types that at least one of the parts takes. */
type TakenBy<Parts extends readonly Partial<FrameTable>[]> = { [Index in keyof Parts]: keyof Parts[Index] }[number] &
  FrameType;

/** One handler for each type: it calls the handlers of all parts that take the type, in the order of the parts. */
export const mergeHandlers = <const Parts extends readonly Partial<FrameTable>[]>(
  ...parts: Parts
): Takes<TakenBy<Parts>> => {
  const merged: Record<string, Handler> = {};
  for (const part of parts)
    for (const [type, handle] of Object.entries(part) as [string, Handler][]) {
      const earlier = merged[type];
      merged[type] = (frame) => {
        earlier?.(frame);
        handle(frame);
      };
    }
  return merged as Takes<TakenBy<Parts>>;
};

/** Calls the handler of a frame. Types that only a newer server knows are ignored. */
export const dispatch = (table: FrameTable, frame: ServerFrame): void => {
  const handle: Handler | undefined = table[frame.type];
  handle?.(frame as never);
};
