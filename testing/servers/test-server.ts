/** A test server. It keeps its URL and data until it is closed. */
export interface TestServer {
  readonly url: string;
  /** Resolves when the server answers. */
  start(): Promise<void>;
  /** Shuts it down cleanly, as an operator does. */
  stop(): Promise<void>;
  /** Kills it (SIGKILL), as a crash does. */
  kill(): Promise<void>;
  /** Freezes it (SIGSTOP): connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its data. Servers that a test leaves open are closed at the end of the run. */
  close(): Promise<void>;
}
