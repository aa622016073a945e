/** Typed events: listeners by the name of their event. */

export type Listener<T> = (event: T) => void;

export interface Emitter<Events> {
  /** @returns a function that removes the listener */
  on<K extends keyof Events>(name: K, listener: Listener<Events[K]>): () => void;
  emit<K extends keyof Events>(name: K, event: Events[K]): void;
}

/** Reports an error of a listener as an uncaught one, so that it stops neither the other listeners nor the connection. */
const report = (error: unknown): void => {
  queueMicrotask(() => {
    throw error;
  });
};

export const createEmitter = <Events>(): Emitter<Events> => {
  const listeners: { [K in keyof Events]?: Set<Listener<Events[K]>> } = {};
  return {
    on: (name, listener) => {
      const ofName = listeners[name] ?? new Set();
      listeners[name] = ofName.add(listener);
      return () => ofName.delete(listener);
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
