/** A call to a service of the suite: JSON, a time limit, and an answer that says what is missing instead of throwing. */

/** Either what was asked for, or why it isn't there. A status of 0: the service gave no answer in time. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly status: number; readonly detail: string };

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON, unless it is a form. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export type Call = <T>(path: string, options?: CallOptions) => Promise<Answer<T>>;

const AWAY = 'The service does not answer';

const detailOf = async (response: Response): Promise<string> => {
  const body = (await response.json().catch(() => undefined)) as { detail?: unknown } | undefined;
  return typeof body?.detail === 'string' ? body.detail : `The service answered ${response.status}`;
};

export interface CallTarget {
  /** Where the service is. */
  readonly baseUrl: string;
  readonly timeoutMs: number;
  /** Proves the person acted for; undefined acts for nobody. */
  readonly token?: string | undefined;
  /** Told of every call: `ok`, a status, or `away`, and how long it took. */
  observe(outcome: string, seconds: number): void;
}

export const createCall =
  ({ baseUrl, timeoutMs, token, observe }: CallTarget): Call =>
  async <T>(path: string, { method = 'GET', body, headers = {} }: CallOptions = {}): Promise<Answer<T>> => {
    const isForm = body instanceof FormData;
    const startedAt = performance.now();
    const note = (outcome: string) => observe(outcome, (performance.now() - startedAt) / 1_000);
    try {
      const response = await fetch(baseUrl + path, {
        method,
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          ...headers,
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      });
      note(response.ok ? 'ok' : String(response.status));
      if (!response.ok) return { ok: false, status: response.status, detail: await detailOf(response) };
      return { ok: true, value: (await response.json()) as T };
    } catch {
      note('away');
      // Refused, reset or too late: to a page it is the same, this part is missing.
      return { ok: false, status: 0, detail: AWAY };
    }
  };

/** The value of an answer, or what stands for it when it is missing. */
export const valueOr = <T, Other>(answer: Answer<T>, other: Other): T | Other => (answer.ok ? answer.value : other);
