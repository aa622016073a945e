/**
 * Sends generated requests, valid and invalid, to every endpoint of a service's OpenAPI document and checks every answer: no 5xx, an error
 * is `{detail}`, a success is documented, nothing hangs. A failure is shrunk to the smallest request that causes it.
 */
import fc from 'fast-check';
import type { Body } from './bodies.ts';
import { type Endpoint, endpointsOf, readDocument, send, type Target } from './document.ts';
import { type FuzzedRequest, type Requests, requestsOf } from './requests.ts';

export interface FuzzOptions {
  /** Requests to each endpoint, a quarter of them valid; 300 unless told. */
  readonly runs?: number;
  /** The seed to repeat a run with: fast-check prints it when a run fails. */
  readonly seed?: number;
  /** Sent with every request, such as a token. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Leaves an endpoint out. */
  readonly skip?: (method: string, path: string) => boolean;
  readonly answerWithinMs?: number;
}

/** How often each status was answered, by `METHOD /path`. */
export type FuzzReport = Readonly<Record<string, Readonly<Record<number, number>>>>;

const formOf = (fields: Extract<Body, { form: unknown }>['form']): FormData => {
  const form = new FormData();
  for (const [name, value] of fields) {
    if (typeof value === 'string') form.append(name, value.toWellFormed());
    else form.append(name, new File([value.bytes], value.name.toWellFormed(), { type: value.type }));
  }
  return form;
};

const initOf = ({ method, headers, body }: FuzzedRequest, options: FuzzOptions): RequestInit => {
  const signal = AbortSignal.timeout(options.answerWithinMs ?? 20_000);
  const init = { method, signal, headers: { ...headers, ...options.headers } };
  if (!body) return init;
  if ('form' in body) return { ...init, body: formOf(body.form) };
  // A blob without a type, so that `fetch` adds no content type.
  const contentType = body.contentType === undefined ? {} : { 'content-type': body.contentType };
  return { ...init, headers: { ...contentType, ...init.headers }, body: new Blob([body.bytes]) };
};

const hasDetail = (text: string): boolean => {
  try {
    return typeof (JSON.parse(text) as { detail?: unknown } | null)?.detail === 'string';
  } catch {
    return false;
  }
};

/** An empty last parameter leaves a slash at the end: services redirect such a request to the path without it. */
const isSentOn = (path: string, { status, headers }: Response): boolean =>
  status === 308 && /^[^?]*\/(\?|$)/.test(path) && (headers.get('location') ?? '').startsWith('../');

/** @throws an error that says how the answer breaks the contract */
const checkAnswer = async ({ method, operation }: Endpoint, path: string, answer: Response): Promise<void> => {
  const text = await answer.text();
  if (isSentOn(path, answer)) return;
  if (answer.status >= 500) throw new Error(`Answered ${answer.status}: ${text.slice(0, 500)}`);
  if (answer.status < 400) {
    if (!operation.responses?.[answer.status]) throw new Error(`Answered ${answer.status}, which is not documented`);
    return;
  }
  // An answer to HEAD has no body, whatever its status.
  if (method !== 'HEAD' && !hasDetail(text))
    throw new Error(`Answered ${answer.status} without a detail: ${text.slice(0, 500)}`);
};

const SHOWN_CHARACTERS = 1_000;

/** A request as a few lines of text, enough to send it again. */
const describeRequest = ({ method, path, headers, body }: FuzzedRequest): string => {
  const shown = body && ('form' in body ? body.form : { ...body, bytes: Buffer.from(body.bytes).toString('latin1') });
  const lines = [`${method} ${path}`, JSON.stringify(headers), JSON.stringify(shown) ?? 'no body'];
  return lines.map((line) => line.slice(0, SHOWN_CHARACTERS)).join('\n  ');
};

/** @throws the smallest request found that `sendAndCheck` throws on, and the seed that repeats it */
const checkAll = async (
  requests: fc.Arbitrary<FuzzedRequest>,
  sendAndCheck: (request: FuzzedRequest) => Promise<void>,
  parameters: fc.Parameters<[FuzzedRequest]>,
): Promise<void> => {
  const result = await fc.check(fc.asyncProperty(requests, sendAndCheck), parameters);
  const [smallest] = result.counterexample ?? [];
  if (smallest)
    throw new Error(`${describeRequest(smallest)}\n${result.errorInstance}\nSeed: ${result.seed}`, {
      cause: result.errorInstance,
    });
};

const fuzzEndpoint = async (
  target: Target,
  endpoint: Endpoint,
  { valid, broken }: Requests,
  options: FuzzOptions,
): Promise<Record<number, number>> => {
  const statuses: Record<number, number> = {};
  const sendAndCheck = async (request: FuzzedRequest): Promise<void> => {
    const answer = await send(target, request.path, initOf(request, options));
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    await checkAnswer(endpoint, request.path, answer);
  };
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  // Fixed shares, so that every run has valid and invalid requests.
  const runs = options.runs ?? 300;
  const validRuns = Math.ceil(runs / 4);
  await checkAll(valid, sendAndCheck, { numRuns: validRuns, ...seed });
  await checkAll(broken, sendAndCheck, { numRuns: runs - validRuns, ...seed });
  return statuses;
};

/**
 * @param target a base URL, or an app whose answers need no network
 * @returns the statuses of each endpoint, so that a test can check that requests were not all rejected early
 * @throws the smallest request found whose answer breaks the contract, and the seed that repeats it
 */
export const fuzzOpenApi = async (target: Target, options: FuzzOptions = {}): Promise<FuzzReport> => {
  const document = await readDocument(target);
  const report: Record<string, Record<number, number>> = {};
  for (const endpoint of endpointsOf(document)) {
    const { method, path } = endpoint;
    if (options.skip?.(method, path)) continue;
    report[`${method} ${path}`] = await fuzzEndpoint(target, endpoint, requestsOf(document, endpoint), options);
  }
  return report;
};
