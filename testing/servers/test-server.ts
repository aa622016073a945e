/** A server that belongs to a test. It keeps its url and data until it is closed. */
export interface TestServer {
  readonly url: string;
  /** Resolves when the server answers. */
  start(): Promise<void>;
  /** In order, as an operator stops it. */
  stop(): Promise<void>;
  /** At once, as a crash does (SIGKILL). */
  kill(): Promise<void>;
  /** Freezes it (SIGSTOP): connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its data. What a test doesn't close is closed at the end of the run. */
  close(): Promise<void>;
}
