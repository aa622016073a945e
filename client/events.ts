/** Typed events: listeners by the name of what they listen to. */

export type Listener<T> = (event: T) => void;

export interface Emitter<Events> {
  /** @returns what ends the listening */
  on<K extends keyof Events>(name: K, listener: Listener<Events[K]>): () => void;
  emit<K extends keyof Events>(name: K, event: Events[K]): void;
}

/** A listener that throws stops neither the others nor the connection: its error is reported as an uncaught one. */
const report = (error: unknown): void => {
  queueMicrotask(() => {
    throw error;
  });
};

export const createEmitter = <Events>(): Emitter<Events> => {
  const listeners: { [K in keyof Events]?: Set<Listener<Events[K]>> } = {};
  return {
    on: (name, listener) => {
      const those = listeners[name] ?? new Set();
      listeners[name] = those.add(listener);
      return () => those.delete(listener);
    },
    emit: (name, event) => {
      for (const listener of listeners[name] ?? []) {
        try {
          listener(event);
        } catch (error) {
          report(error);
        }
      }
    },
  };
};
